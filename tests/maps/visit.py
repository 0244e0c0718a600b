"""One open page in a headless Chromium, with everything it asked for and complained about."""

from random import Random
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

KEYS = ("Tab", "Shift+Tab", "Enter", "Space", "Escape", "ArrowLeft", "ArrowRight", "ArrowDown", "Home", "+", "-", "a")
CLICK = """(at) => {
    const all = [...document.querySelectorAll('button, summary, .point, .spot-icon, .stop-icon, path')];
    if (all.length) all[at % all.length].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
}"""


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

    def act_at_random(self, chance: Random, addresses: tuple[str, ...], actions: int = 300) -> None:
        """Press, click, scroll, choose a language and go to addresses as they come, in a window of 1000 × 800 px."""
        # Links lead elsewhere; here they go nowhere.
        self.page.evaluate("addEventListener('click', (e) => { if (e.target.closest('a')) e.preventDefault(); }, true)")
        for _ in range(actions):
            match chance.randrange(8):
                case 0 | 1 | 2:
                    self.page.keyboard.press(chance.choice(KEYS))
                case 3:
                    self.page.mouse.click(chance.randrange(1000), chance.randrange(760))
                case 4:
                    self.page.mouse.move(chance.randrange(1000), chance.randrange(800))
                    self.page.mouse.wheel(0, chance.choice((-300, 300)))
                case 5:
                    self.page.evaluate(CLICK, chance.randrange(10_000))
                case 6:
                    self.page.select_option("#language", chance.choice(("en", "ru", "kk", "fr", "nl")))
                case 7:
                    self.page.evaluate("(part) => { location.hash = part; }", chance.choice(addresses))
        self.settle()

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
