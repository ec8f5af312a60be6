"""A language model behind an OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp and their like."""

import json
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from domain.digest import Audience, Role
from domain.errors import ConfigError, ModelUnavailable
from summarizer.models.exchange import Answer, NoAnswer, Server
from summarizer.models.model_options import ModelOptions
from summarizer.models.prompting import Item, Prompt, section_prompts

log = logging.getLogger(__name__)

_ROOM = 9_000
"""Characters of one question: with its answer they fit 4,096 tokens, the smallest window in common use."""
_ANSWER_TOKENS = 1_200
_PATIENCE = 3
"""So many papers in a row without an answer, and the endpoint is taken for gone."""
_WAITS = (1.0, 4.0, 15.0)
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_UNSTRUCTURED = frozenset({400, 422, 501})
_BARRED = {
    401: "wants another key: set digest_api_key",
    403: "does not let us in: look at digest_api_key",
    404: "does not know the model or the address: look at digest_model and digest_endpoint",
    405: "is no chat completion service: look at digest_endpoint",
}
_SCHEMA = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "section": {"type": "string", "enum": [role.value for role in Role]},
                    "text": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["section", "text", "evidence"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
_FORMAT = {"type": "json_schema", "json_schema": {"name": "digest", "strict": True, "schema": _SCHEMA}}


class EndpointModel:
    """Asks an endpoint, several papers at once, no longer for a paper than the time set."""

    engine = "endpoint"

    def __init__(self, options: ModelOptions, waits: Sequence[float] = _WAITS) -> None:
        if not options.endpoint or not options.model:
            raise ConfigError("digest_endpoint", "the endpoint engine needs digest_endpoint and digest_model")
        self.name = options.model.strip()
        self._options = options
        self._waits = waits
        self._server = Server(options.address, options.api_key)
        self._structured = True
        self._silent = 0
        self._lock = threading.Lock()

    def prompts(self, items: Sequence[Item], roles: Sequence[Role], audience: Audience) -> list[Prompt]:
        """The evidence in as few questions as fit a small window."""
        return section_prompts(items, roles, audience, "json", _ROOM, len)

    def answers(self, papers: Sequence[Sequence[Prompt]]) -> list[list[str]]:
        """What it answered to each paper's prompts; nothing where it did not in time."""
        with ThreadPoolExecutor(max_workers=self._options.batch) as pool:
            futures = [pool.submit(self._paper, prompts) for prompts in papers]
            try:
                return [future.result() for future in futures]
            except ModelUnavailable:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _paper(self, prompts: Iterable[Prompt]) -> list[str]:
        deadline = time.monotonic() + self._options.timeout
        said: list[str] = []
        problem = None
        for prompt in prompts:
            try:
                said.append(self._ask(prompt, deadline))
            except NoAnswer as failure:
                log.warning("%s: %s", self._server.url, failure)
                problem = failure
                said.append("")
        self._heard(answered=any(said), problem=problem)
        return said

    def _heard(self, *, answered: bool, problem: NoAnswer | None) -> None:
        """Count the papers in a row without an answer; give up when there are too many."""
        with self._lock:
            self._silent = 0 if answered else self._silent + (problem is not None)
            if self._silent >= _PATIENCE:
                raise ModelUnavailable(
                    f"the endpoint {self._server.url} answered for none of {self._silent} papers: {problem}"
                )

    def _ask(self, prompt: Prompt, deadline: float) -> str:
        """One answer, asked for again while the server is busy and there is time."""
        for wait in (*self._waits, None):
            try:
                answer = self._post(prompt, deadline)
            except NoAnswer as failure:
                if wait is None or not failure.passing:
                    raise
                _pause(wait, deadline, failure)
                continue
            if answer.status == 200:
                return _content(answer)
            problem = self._problem(answer)
            if wait is None or answer.status not in _BUSY:
                raise problem
            _pause(max(wait, answer.retry_after), deadline, problem)
        raise NoAnswer("no answer")

    def _post(self, prompt: Prompt, deadline: float) -> Answer:
        """Ask once; without a schema where the server knows none: answers are read with patience anyway."""
        structured = self._structured
        answer = self._server.post(self._question(prompt, structured=structured), deadline)
        if structured and answer.status in _UNSTRUCTURED:
            answer = self._server.post(self._question(prompt, structured=False), deadline)
            self._structured = answer.status != 200
        return answer

    def _problem(self, answer: Answer) -> NoAnswer:
        if answer.status in _BARRED:
            raise ModelUnavailable(f"the endpoint {self._server.url} {_BARRED[answer.status]}")
        if 300 <= answer.status < 400:
            raise ModelUnavailable(
                f"the endpoint {self._server.url} points elsewhere, where we do not follow: "
                "set digest_endpoint to the address that answers"
            )
        return NoAnswer(f"status {answer.status}")

    def _question(self, prompt: Prompt, *, structured: bool) -> bytes:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": 0,
            "seed": self._options.seed,
            "max_tokens": _ANSWER_TOKENS,
            "stream": False,
        }
        if structured:
            body["response_format"] = _FORMAT
        return json.dumps(body).encode()


def _pause(wait: float, deadline: float, problem: NoAnswer) -> None:
    if time.monotonic() + wait >= deadline:
        raise problem
    time.sleep(wait)


def _content(answer: Answer) -> str:
    """The text of the first choice. Raises `NoAnswer` where the body has none."""
    try:
        message = json.loads(answer.body.decode("utf-8", "replace"))["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise NoAnswer("the answer is no chat completion") from error
    if isinstance(message, list):
        message = "".join(
            part["text"] for part in message if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    if not isinstance(message, str):
        raise NoAnswer("the answer holds no text")
    return message
