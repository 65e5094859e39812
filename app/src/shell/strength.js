// A hint, while a new password is typed, on how easily it is guessed. What is typed stays in this browser. It only
// advises: the server has the lists of what is tried first, and decides.
const ROWS = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "yxcvbnm", "1234567890"];
const KEYS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(""))];
// Long enough that nobody is told of every letter.
const PAUSE = 400;
// From this many characters or words on nothing more is asked for.
const [LONG, MANY] = [18, 4];

const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** Whether most pairs of neighbours are so. */
function mostly(text, are) {
  const signs = [...text];
  const pairs = signs.slice(1).filter((sign, at) => are(signs[at], sign));
  return pairs.length > ((signs.length - 1) * 2) / 3;
}

const repeats = (text) =>
  new Set(text).size < 4 || (text + text).indexOf(text, 1) < text.length || mostly(text, (a, b) => a === b);
const follows = (text) => mostly(text, (a, b) => Math.abs(a.codePointAt() - b.codePointAt()) === 1);
const neighbours = (text) => mostly(text, (a, b) => KEYS.some((row) => row.includes(a + b)));
const isDate = (text) => /^\D{0,2}\d{1,4}\D?\d{1,2}\D?\d{1,4}\D{0,2}$/.test(text);

/** Whether little is left without what everybody knows of its owner. */
function tells(text, own) {
  const rest = own.reduce((left, word) => left.replaceAll(word, ""), text);
  return rest.length < text.length && rest.length < 6;
}

/** What is known of the owner: from the page, and from what stands in the same form. */
function known(part, input) {
  const fields = ["name", "email", "username"].map((name) => input.form?.elements[name]?.value ?? "");
  return wordsOf([part.dataset.own ?? "", ...fields].join(" "));
}

/** The level and the name of what there is to say. */
function judge(password, least, own) {
  const signs = [...password].length;
  if (signs === 0) return [];
  if (signs < least) return ["weak", "short"];
  const [folded, text] = [password.toLowerCase(), bare(password)];
  if (repeats(folded)) return ["weak", "repeat"];
  if (isDate(password)) return ["weak", "date"];
  if (follows(folded)) return ["weak", "sequence"];
  if (neighbours(folded)) return ["weak", "keys"];
  if (tells(text, own)) return ["weak", "ownName"];
  const words = wordsOf(password);
  // Only where words are set apart by spaces can one be told from several.
  if (signs < LONG && /^\p{Script=Latin}+\P{L}{0,4}$/u.test(password)) return ["weak", "word"];
  return signs >= LONG || words.length >= MANY ? ["good", "good"] : ["fair", "fair"];
}

function wake(part) {
  const input = document.getElementById(part.dataset.strength);
  const least = Number(part.dataset.min);
  let soon;
  input.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      const [level = "", what] = judge(input.value, least, known(part, input));
      const text = part.dataset[what] ?? "";
      part.dataset.level = level;
      part.textContent = text.replace("{left}", String(least - [...input.value].length));
    }, PAUSE);
  });
}

for (const part of document.querySelectorAll("[data-strength]")) wake(part);
