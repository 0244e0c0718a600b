"use strict";

/** What stands under a page: its notes, the day and version of the data, and in print the credits. */
const Notes = {
  /** Day and version of the data, as far as they are known. */
  facts(data, speech) {
    return [data.asOf ? speech.say("as_of", { date: speech.date(data.asOf) }) : "",
      data.version ? speech.say("version", { version: data.version }) : ""].filter((text) => text);
  },

  /** `before` and `after` are sentences of the page's own around those of the data. */
  draw(home, data, speech, before = [], after = []) {
    const { make } = Elements;
    const texts = [...before, ...data.notes.map((text) => speech.pick(text)), ...after, ...Notes.facts(data, speech)];
    home.replaceChildren(make("h2", { text: speech.say("notes") }),
      make("ul", {}, ...texts.filter((text) => text).map((text) => make("li", { text }))),
      make("p", { class: "printed-credits", text: speech.say("credits", { credits: data.credits.map((text) => speech.pick(text)).join(" · ") }) }));
  },
};
