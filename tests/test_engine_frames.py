"""`score_partition` under the frames of Dask and Spark, in worker processes, row by row beside `score_frame`."""

import os
import re
import shutil
import sys
import warnings
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from scorer.partitions import PARTITION_COLUMNS, PARTITION_DDL, score_partition
from scorer.scoring import score_frame

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def articles():
    texts = [
        f"The minister said dam {k} would hold. “It may rain,” a witness said. Nobody was hurt.\nThat was not verified."
        for k in range(40)
    ]
    frame = pd.DataFrame({"doc_id": [f"d{k}" for k in range(40)], "priority": range(40), "text": texts})
    frame.loc[[7, 21], "text"] = None
    return frame


@pytest.fixture(scope="module")
def lines():
    """Sentences of documents that no cut into equal parts keeps whole."""
    texts = ["Rebels said they held the town.", "He spoke of rain.", "This has not been independently verified."]
    return pd.DataFrame({"doc_id": [f"d{k // 3}" for k in range(36)], "row": range(36), "text": texts * 12})


def page_code(tmp_path, bundle):
    """Give the code of the page on scaling, with paths of the test's: Dask, Spark documents, Spark sentences."""
    page = (Path(__file__).parent.parent / "docs" / "scaling.md").read_text(encoding="utf-8")
    page = page.replace("/mnt/models/ours", str(bundle)).replace("s3://bucket", str(tmp_path))
    found = re.findall(r"```py\n(.*?)```", page, re.DOTALL)
    assert len(found) == 3
    return found


def same(scored, expected, by):
    """Compare the scored rows cell by cell."""
    kept = scored[scored["set_aside"].isna()].drop(columns="set_aside").sort_values(by).reset_index(drop=True)
    expected = expected.sort_values(by).reset_index(drop=True)
    assert list(kept.columns) == list(expected.columns)
    assert len(kept) == len(expected) > 30
    for name in expected.columns:
        for ours, theirs in zip(kept[name].tolist(), expected[name].tolist(), strict=True):
            assert (pd.isna(ours) and pd.isna(theirs)) or ours == theirs, name


def test_dask_map_partitions(bundle, model, articles, tmp_path):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'scorer[dask]'")
    dataframe = pytest.importorskip("dask.dataframe", reason="dask.dataframe is not installed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster),
    ):
        dataframe.from_pandas(articles, npartitions=5).to_parquet(str(tmp_path / "articles"))
        names = {}
        exec(page_code(tmp_path, bundle)[0], names)
        assert names["articles"].npartitions > 1
    scored = pd.read_parquet(tmp_path / "scored")
    ours = list(PARTITION_COLUMNS)  # the caller's strings are of the type that Dask reads them as
    assert scored[ours].dtypes.to_dict() == names["work"](articles)[ours].dtypes.to_dict()
    same(scored, score_frame(model, articles.dropna()), ["doc_id", "sentence"])
    assert scored["set_aside"].dropna().tolist() == ["empty text"] * 2


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install 'scorer[spark]'")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = (
            sql.SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "10")
            .getOrCreate()
        )
        yield session
        session.stop()


def schema_of(frame):
    kept = [f"`{field.name}` {field.dataType.simpleString()}" for field in frame.schema if field.name != "text"]
    return ", ".join([*kept, PARTITION_DDL])


def test_spark_map_in_pandas(spark, bundle, model, articles, tmp_path):
    articles.to_json(tmp_path / "in.jsonl", orient="records", lines=True)
    frame = spark.read.json(str(tmp_path / "in.jsonl")).repartition(4)
    exec(page_code(tmp_path, bundle)[1], {"articles": frame})
    found = spark.read.parquet(str(tmp_path / "scored")).toPandas()
    expected = score_frame(model, articles.dropna())
    same(found[["doc_id", "priority", *found.columns[2:]]], expected, ["doc_id", "sentence"])
    assert found["set_aside"].dropna().tolist() == ["empty text"] * 2


def test_spark_sentences_are_grouped_by_document(spark, bundle, model, lines, tmp_path):
    frame = spark.createDataFrame(lines).repartition(5)
    names = {"lines": frame, "schema": schema_of(frame), "partial": partial, "score_partition": score_partition}
    exec(page_code(tmp_path, bundle)[2], names)
    same(names["scored"].toPandas(), score_frame(model, lines, unit="sentence"), ["row"])
