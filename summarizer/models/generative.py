"""A language model on this machine, by `transformers`: sequence to sequence, or tuned to instructions.

The only module that imports `transformers` and `torch`, and not before a model is asked.
"""

import logging
import os
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from domain.digest import Audience, Role
from domain.errors import ConfigError, ModelUnavailable
from summarizer.models.model_options import ModelOptions
from summarizer.models.prompting import Item, Prompt, rewriting_prompts, section_prompts

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # its hub is asked for models only

log = logging.getLogger(__name__)

DEVICES = ("auto", "cpu", "cuda", "mps")
_INSTALL = ".venv/bin/pip install torch transformers brings them (5.6 GB)"
_LIMITS = ("max_encoder_position_embeddings", "max_position_embeddings", "n_positions")
_USUAL_WINDOW = 512
"""Of models that state no limit, such as T5, whose positions are relative."""
_WIDEST = 8_192
"""No digest needs more; a model's full window would only cost memory."""
_ANSWER = 700
_REWRITTEN = 128


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model in memory."""

    torch: Any
    model: Any
    tokenizer: Any
    device: str
    rewrites: bool
    """It turns one text into another, and follows no instructions beyond that."""
    window: int

    @property
    def answer(self) -> int:
        """The most tokens of an answer."""
        return min(_REWRITTEN if self.rewrites else _ANSWER, self.window // 2)

    @property
    def room(self) -> int:
        """The most tokens of a question; in a causal model the answer takes of the same window."""
        return self.window if self.rewrites else self.window - self.answer

    def size(self, text: str) -> int:
        """How many tokens `text` takes."""
        return len(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


class LocalModel:
    """Answers in batches, the same answer to the same question: no sampling, and a seed for what is left."""

    engine = "generative"

    def __init__(self, options: ModelOptions) -> None:
        if not options.model.strip():
            raise ConfigError("digest_model", "the generative engine needs a folder, or a name on a hub")
        if options.device not in DEVICES:
            raise ConfigError("digest_device", f"must be one of {', '.join(DEVICES)}")
        self._options = options
        self._batch = options.batch
        self.name = _short_name(options.model.strip())

    def prompts(self, items: Sequence[Item], roles: Sequence[Role], audience: Audience) -> list[Prompt]:
        """One question for each sentence, or as few as the model's window takes."""
        loaded = self._loaded
        if loaded.rewrites:
            return rewriting_prompts(items, roles, audience, loaded.room - 1, loaded.size)
        # What the template of a chat adds is not known beforehand.
        frame = len(self._tokens(loaded, Prompt("", "")))
        return section_prompts(items, roles, audience, "lines", loaded.room - frame - 8, loaded.size)

    def answers(self, papers: Sequence[Sequence[Prompt]]) -> list[list[str]]:
        """What the model says to each prompt, batch by batch, until the time for these papers is over."""
        flat = [prompt for prompts in papers for prompt in prompts]
        deadline = time.monotonic() + self._options.timeout * len(papers)
        said = iter(self._answer_all(flat, deadline))
        return [[next(said) for _ in prompts] for prompts in papers]

    def _answer_all(self, prompts: Sequence[Prompt], deadline: float) -> list[str]:
        loaded = self._loaded
        tokens = [self._tokens(loaded, prompt) for prompt in prompts]
        answers = [""] * len(prompts)
        # Of like length together: what is filled up is computed for nothing.
        waiting = sorted(
            (i for i, ids in enumerate(tokens) if 0 < len(ids) <= loaded.room), key=lambda i: len(tokens[i])
        )
        while waiting and time.monotonic() < deadline:
            some = waiting[: self._batch]
            try:
                texts = _generate(loaded, [tokens[i] for i in some], deadline, self._options.seed)
            except loaded.torch.OutOfMemoryError as error:
                self._make_smaller(loaded, error)
                continue
            waiting = waiting[len(some) :]
            for i, text in zip(some, texts, strict=True):
                answers[i] = text
        if waiting:
            log.warning("no time was left for %d of %d questions", len(waiting), len(prompts))
        return answers

    def _make_smaller(self, loaded: _Loaded, error: Exception) -> None:
        if self._batch == 1:
            raise ModelUnavailable(f"{self.name} does not fit the memory of {loaded.device}") from error
        self._batch //= 2
        log.warning("memory is short: working on %d questions at once", self._batch)
        if loaded.device == "cuda":
            loaded.torch.cuda.empty_cache()

    def _tokens(self, loaded: _Loaded, prompt: Prompt) -> list[int]:
        """The prompt as the model takes it; marks of its own inside our text are text there."""
        tokenizer = loaded.tokenizer
        if loaded.rewrites:
            return list(tokenizer(_plain(prompt.user, tokenizer), verbose=False)["input_ids"])
        system, user = _plain(prompt.system, tokenizer), _plain(prompt.user, tokenizer)
        if not tokenizer.chat_template:
            return list(tokenizer(f"{system}\n\n{user}\n", verbose=False)["input_ids"])
        text = _as_chat(tokenizer, system, user)
        return list(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    @cached_property
    def _loaded(self) -> _Loaded:
        try:
            import torch
            import transformers
        except ImportError as error:
            raise ModelUnavailable(
                f"torch and transformers are not installed ({error}); {_INSTALL}"
            ) from error
        quiet: Any = transformers.logging
        quiet.set_verbosity_error()
        quiet.disable_progress_bar()
        device = _device(torch, self._options.device)
        model, tokenizer, rewrites = _open(transformers, torch, self._options.model.strip(), device)
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        tokenizer.padding_side = "right" if rewrites else "left"
        log.info("%s on %s, a window of %d tokens", self.name, device, _window(model.config, tokenizer))
        return _Loaded(torch, model, tokenizer, device, rewrites, _window(model.config, tokenizer))


def _short_name(model: str) -> str:
    """The model's name without the folders above it, which are this machine's business."""
    folder = Path(model).expanduser()
    return folder.resolve().name if folder.is_dir() else model


def _device(torch: Any, wanted: str) -> str:  # noqa: ANN401 - a library that may be absent
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if there[name])
    if not there[wanted]:
        raise ModelUnavailable(f"there is no device {wanted} here; set digest_device to auto")
    return wanted


def _open(transformers: Any, torch: Any, name: str, device: str) -> tuple[Any, Any, bool]:  # noqa: ANN401
    """Model, tokenizer, and whether it is one that rewrites. Code that comes with a model is never run."""
    folder = Path(name).expanduser()
    local = folder.is_dir()
    source = str(folder) if local else name
    options = {"trust_remote_code": False, "local_files_only": local}
    try:
        config = transformers.AutoConfig.from_pretrained(source, **options)
        tokenizer = transformers.AutoTokenizer.from_pretrained(source, **options)
        rewrites = bool(config.is_encoder_decoder)
        kind = transformers.AutoModelForSeq2SeqLM if rewrites else transformers.AutoModelForCausalLM
        dtype = torch.bfloat16 if device == "cuda" and torch.cuda.is_bf16_supported() else torch.float32
        model = kind.from_pretrained(source, dtype=dtype, **options)
    except Exception as error:  # damaged files raise whatever their reader raises
        problem = str(error).strip().split("\n")[0][:200]
        raise ModelUnavailable(
            f"digest_model {_short_name(name)!r} cannot be loaded ({problem}); "
            "name a folder that holds config.json, weights and tokenizer, or a model on the hub"
        ) from error
    return model.to(device).eval(), tokenizer, rewrites


def _window(config: Any, tokenizer: Any) -> int:  # noqa: ANN401
    """The most tokens the model takes, by its own account."""
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    stated = [getattr(text, name, None) for name in _LIMITS]
    limits = [n for n in (*stated, tokenizer.model_max_length) if isinstance(n, int) and 0 < n < 10**7]
    return min(*limits, _WIDEST) if limits else _USUAL_WINDOW


def _plain(text: str, tokenizer: Any) -> str:  # noqa: ANN401
    for mark in sorted(tokenizer.all_special_tokens, key=len, reverse=True):
        text = text.replace(mark, " ")
    return text


def _as_chat(tokenizer: Any, system: str, user: str) -> str:  # noqa: ANN401
    """Both as one chat; where a template knows no system, it comes first in what the user says."""
    chats = (
        [{"role": "system", "content": system}, {"role": "user", "content": user}],
        [{"role": "user", "content": f"{system}\n\n{user}"}],
    )
    problem: Exception | None = None
    for chat in chats:
        try:
            return str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True))
        except Exception as error:  # whatever a model's own template raises
            problem = error
    raise ModelUnavailable(f"the model's chat template fails: {problem}") from problem


def _generate(loaded: _Loaded, batch: Sequence[list[int]], deadline: float, seed: int) -> list[str]:
    torch, tokenizer = loaded.torch, loaded.tokenizer
    padded = tokenizer.pad({"input_ids": list(batch)}, return_tensors="pt").to(loaded.device)
    torch.manual_seed(seed)
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of settings for sampling, which is off
        made = loaded.model.generate(
            **padded,
            do_sample=False,
            num_beams=1,
            min_length=0,
            max_new_tokens=loaded.answer,
            max_time=max(0.1, deadline - time.monotonic()),
            pad_token_id=tokenizer.pad_token_id,
        )
    start = 0 if loaded.rewrites else padded["input_ids"].shape[1]
    return list(_texts(tokenizer, made[:, start:]))


def _texts(tokenizer: Any, made: Any) -> Iterator[str]:  # noqa: ANN401
    yield from tokenizer.batch_decode(made, skip_special_tokens=True, clean_up_tokenization_spaces=False)
