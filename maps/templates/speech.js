"use strict";

/** Words of the page in the reader's language; numbers, dates and plurals written its way. */
class Speech {
  /** Browsers built with few languages lack Kazakh; its numbers look like Russian ones. */
  static #KAZAKH_MONTHS = ["қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан",
    "қараша", "желтоқсан"];

  /** `texts`: text of a table → language → its translation, where records do not bring their own. */
  constructor(catalogues, language, texts = {}) {
    this.language = language;
    this.words = catalogues[language];
    this.texts = texts;
    const month = new Intl.DateTimeFormat(language, { month: "long" }).format(new Date(2026, 0, 15));
    this.lacksKazakh = language === "kk" && /\d/.test(month);
    this.numbers = this.lacksKazakh ? "ru" : language;
    this.formats = new Map();
    this.plurals = new Map();
  }

  #cached(store, digits, make) {
    if (!store.has(digits)) store.set(digits, make({ minimumFractionDigits: digits, maximumFractionDigits: digits }));
    return store.get(digits);
  }

  number(value, digits = 0) {
    if (value === null || value === undefined) return this.words.unknown;
    // No minus before a zero.
    const plain = Number(value.toFixed(digits)) === 0 ? 0 : value;
    return this.#cached(this.formats, digits, (options) => new Intl.NumberFormat(this.numbers, options)).format(plain);
  }

  /** A phrase of the catalogue with its gaps filled; `count` and `digits` choose its plural form. */
  say(key, parts = {}, count = 0, digits = 0) {
    let phrase = this.words[key];
    if (typeof phrase === "object") {
      const rules = this.#cached(this.plurals, digits, (options) => new Intl.PluralRules(this.language, options));
      phrase = phrase[rules.select(count)] || phrase.other;
    }
    return phrase.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(parts, name) ? String(parts[name]) : whole));
  }

  has(key) {
    return Object.hasOwn(this.words, key);
  }

  /** A text in the reader's language: plain for all of them, or language → text. */
  pick(text) {
    return typeof text === "string" ? text : text[this.language] || Object.values(text)[0];
  }

  /** A text column of a record: its translation, else the text itself. */
  of(record, name) {
    const text = record[name] || "";
    const shared = Object.hasOwn(this.texts, text) ? this.texts[text][this.language] : "";
    return record[`${name}_${this.language}`] || shared || text;
  }

  unit(key, value, digits) {
    return value === null ? this.words.unknown : this.say(key, { n: this.number(value, digits) }, value, digits);
  }

  /** Low and high end of a figure in its unit. */
  range(key, low, high, digits, scale = 1) {
    const [a, b] = [low / scale, high / scale].map((value) => this.number(value, digits));
    return this.say(key, { n: a === b ? a : `${a}–${b}` }, high / scale, digits);
  }

  km(value) { return this.unit("km", value, 0); }
  usd(value) { return this.unit("usd_per_t", value, 1); }
  kg(value) { return this.unit("kg_per_t", value, 1); }
  days(hours) { return this.unit("days", hours === null ? null : hours / 24, 1); }
  time(hours) { return hours !== null && hours < 48 ? this.unit("hours", hours, 0) : this.days(hours); }
  percent(share) { return this.unit("percent", share === null ? null : 100 * share, 0); }

  signed(key, value, digits) {
    const shown = Number(value.toFixed(digits));
    const sign = shown > 0 ? "+" : shown < 0 ? "−" : "±";
    // The sign goes before the unit, too: +$48.8/t.
    return sign + this.say(key, { n: this.number(Math.abs(shown), digits) }, Math.abs(shown), digits);
  }

  month(number) {
    if (this.lacksKazakh) return Speech.#KAZAKH_MONTHS[number - 1];
    return new Intl.DateTimeFormat(this.language, { month: "long" }).format(new Date(2026, number - 1, 15));
  }

  shortMonth(number) {
    if (this.lacksKazakh) return this.month(number).slice(0, 3);
    return new Intl.DateTimeFormat(this.language, { month: "short" }).format(new Date(2026, number - 1, 15)).replace(".", "").slice(0, 4);
  }

  date(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    if (this.lacksKazakh) return `${year} ж. ${day} ${this.month(month)}`;
    return new Intl.DateTimeFormat(this.language, { dateStyle: "long" }).format(new Date(year, month - 1, day));
  }

  mode(name) { return this.say(name); }

  /** What happens at a stop. */
  event(stop) {
    if (!stop.event) return this.of(stop, "what");
    const words = (text) => (this.has(text) ? this.say(text).toLocaleLowerCase(this.language) : text);
    return this.say(`event_${stop.event}`, { from: words(stop.event_from), to: words(stop.event_to) });
  }

  badge(text) {
    const key = `badge_${text.toLowerCase().replaceAll("₂", "2").replaceAll(" ", "_")}`;
    return this.has(key) ? this.say(key) : text;
  }

  leg(step) {
    return this.say("from_to", { from: this.of(step, "from_name"), to: this.of(step, "to_name") });
  }
}
