"""One open page in a headless Chromium, with everything it asked for and complained about."""

from typing import Any
from urllib.parse import parse_qsl

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CHOSEN = "[...document.querySelectorAll('.card')].findIndex((card) => card.ariaPressed === 'true')"


class Visit:
    """One open page, with everything it asked for and complained about."""

    def __init__(self, browser: Any, url: str, width: int = 1400, height: int = 900, wait_for: str = ".legs") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.context.route("http*://**", lambda route: route.abort())
        self.page.goto(url)
        self.page.wait_for_selector(wait_for)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def settle(self) -> None:
        """Wait until the map stands still and what happened is drawn."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim')")
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def texts(self, selector: str) -> list[str]:
        """Text of each match, hidden or not."""
        return [str(text) for text in self.page.locator(selector).all_text_contents()]

    @property
    def address(self) -> dict[str, str]:
        """What the address keeps of the reader's choices."""
        return dict(parse_qsl(str(self.page.evaluate("location.hash")).removeprefix("#")))

    @property
    def chosen(self) -> int:
        return int(self.page.evaluate(CHOSEN))

    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]
