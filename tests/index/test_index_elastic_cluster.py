"""Three real nodes, one of which is killed: searches are answered throughout, and no record is lost."""

import threading
import time

import pytest

from domain.query import Query
from index import ElasticOptions, open_index
from tests.elasticsearch.cluster import Cluster

BATCH, BATCHES = 30, 12
PATIENCE = 300


@pytest.fixture
def cluster(elasticsearch_command, tmp_path):
    settings = {"cluster.fault_detection.follower_check.timeout": "3s"}
    with Cluster(elasticsearch_command("512m"), tmp_path / "nodes", 3, settings) as started:
        yield started


def test_a_killed_node_loses_no_record_and_no_answer(cluster, make, tmp_path):
    options = ElasticOptions(name="findings", shards=3, replicas=1, search_timeout=20)
    opened, reader = (open_index(",".join(cluster.urls), tmp_path, elastic=options) for _ in range(2))
    papers = [
        make(number, f"Common paper {number}", f"Text {number} of it") for number in range(BATCH * BATCHES)
    ]
    opened.write(papers[:BATCH], [], 1)
    cluster.wait("green", seconds=PATIENCE)
    done = threading.Event()
    acknowledged, answers, wrong = [1], [], []

    def read():
        while not done.is_set():
            least = BATCH * len(acknowledged)
            try:
                page = reader.search(Query("common", size=5))
            except Exception as error:
                wrong.append(error)
                continue
            answers.append(page.total)
            if page.total < least or len(page.hits) != 5 or not page.hits[0].title:
                wrong.append(page)

    reading = threading.Thread(target=read)
    reading.start()

    def await_answer():
        before = len(answers)
        while len(answers) == before and not wrong:
            time.sleep(0.01)

    try:
        await_answer()
        for number in range(1, BATCHES):
            opened.write(papers[number * BATCH : (number + 1) * BATCH], [], number + 1)
            acknowledged.append(number + 1)
            if number == BATCHES // 3:
                cluster.nodes[1].kill()
        await_answer()
    finally:
        done.set()
        reading.join()
    assert not wrong, wrong[:3]
    assert opened.position() == BATCHES
    assert set(opened.ids()) == {item.paper.id for item in papers}
    cluster.nodes[1].start()
    cluster.wait("green", nodes=3, seconds=PATIENCE)
    cluster.nodes[0].kill()
    cluster.wait("yellow", nodes=2, seconds=PATIENCE)
    assert set(reader.ids()) == {item.paper.id for item in papers}
    assert reader.search(Query("common", size=1)).total == len(papers)
