// Asks a real editor engine to complete and check a rules file, as an editor does.
//
//     npm install --prefix target/editor @taplo/lsp@0.8.0
//     node ledger-mapper/tests/editor/completion.mjs target/editor
//
// It is Taplo's language server, the one inside Even Better TOML (Visual Studio Code); Zed, Helix and
// Neovim run the same server as a program. What it offers is printed and checked.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const SCHEMA = fileURLToPath(new URL("../../schema/rules.schema.json", import.meta.url));
const HEAD = '#:schema ./rules.schema.json\nversion = 1\nname = "Acme Inc."\n';
const ACCOUNTS = '[accounts]\nreferral_fees = "5100"\n';
/** How long the server is waited for. */
const PATIENCE_MS = 20_000;
/** It tells of the syntax first and then of the schema: so long after nothing, nothing is wrong. */
const QUIET_MS = 1_500;

/** What the server may ask of the machine. It reads the schema, and nothing from the network. */
const environment = {
  now: () => new Date(),
  envVar: () => undefined,
  envVars: () => [],
  stdErrAtty: () => false,
  stdin: async () => new Uint8Array(),
  stdout: async (bytes) => bytes.length,
  stderr: async (bytes) => bytes.length,
  glob: () => [],
  readFile: async (path) => readFileSync(path),
  writeFile: async () => {},
  urlToFilePath: (url) => (url.startsWith("file:") ? fileURLToPath(url) : url),
  isAbsolute,
  cwd: () => folder,
  findConfigFile: () => undefined,
};

const folder = mkdtempSync(join(tmpdir(), "rules-"));
const uri = pathToFileURL(join(folder, "rules.toml")).href;
const answers = new Map();
let diagnosed = () => {};
let asked = 0;
let version = 0;

function listen(message) {
  if (message.method === "textDocument/publishDiagnostics" && message.params.uri === uri) {
    diagnosed(message.params.diagnostics.map((one) => one.message));
  } else if (message.method && message.id !== undefined) {
    // What the editor is set to: nothing but the schemas that files name themselves.
    const items = message.params?.items ?? [];
    const settings = { schema: { enabled: true, catalogs: [] } };
    lsp.send({ jsonrpc: "2.0", id: message.id, result: items.map(() => settings) });
  } else if (message.id !== undefined) {
    answers.get(message.id)(message);
  }
}

function ask(method, params) {
  const id = ++asked;
  const answer = new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`${method}: no answer`)), PATIENCE_MS);
    answers.set(id, (message) => {
      clearTimeout(late);
      message.error ? fail(new Error(`${method}: ${message.error.message}`)) : done(message.result);
    });
  });
  lsp.send({ jsonrpc: "2.0", id, method, params });
  return answer;
}

/** Opens or changes the rules file. The cursor is where the text has a |. */
function write(text) {
  const [before, after] = text.split("|");
  const whole = before + (after ?? "");
  version += 1;
  const [method, params] =
    version === 1
      ? ["didOpen", { textDocument: { uri, languageId: "toml", version, text: whole } }]
      : ["didChange", { textDocument: { uri, version }, contentChanges: [{ text: whole }] }];
  lsp.send({ jsonrpc: "2.0", method: `textDocument/${method}`, params });
  const lines = before.split("\n");
  return {
    textDocument: { uri },
    position: { line: lines.length - 1, character: lines.at(-1).length },
  };
}

const plain = (told) => (typeof told === "object" && told ? told.value : (told ?? ""));

/** What is offered at the cursor: label to description. */
async function completions(what, text) {
  const answer = await ask("textDocument/completion", write(text));
  const items = answer?.items ?? answer ?? [];
  const offered = new Map(
    items.map((item) => [item.label.replaceAll('"', ""), plain(item.documentation)]),
  );
  console.log(`\n${what}: ${offered.size} offered`);
  for (const [label, told] of [...offered].slice(0, 4)) {
    console.log(`  ${label.padEnd(24)} ${told.replaceAll("\n", " ").slice(0, 90)}`);
  }
  return offered;
}

/** What the server finds wrong with a text. */
async function mistakes(text) {
  const found = new Promise((done) => {
    const late = setTimeout(() => done(["no diagnostics came"]), PATIENCE_MS);
    diagnosed = (messages) => {
      clearTimeout(late);
      setTimeout(() => done(messages), messages.length > 0 ? 0 : QUIET_MS);
    };
  });
  write(text);
  return found;
}

function expect(held, what) {
  console.log(`  ${held ? "ok     " : "MISSING"} ${what}`);
  if (!held) {
    process.exitCode = 1;
  }
}

async function check() {
  let keys = await completions("A key of [accounts]", `${HEAD}${ACCOUNTS}|\n`);
  expect(keys.has("product_sales") && keys.has("amazon_clearing"), "the roles");
  expect(keys.get("fba_fulfilment_fees")?.includes("Picking, packing"), "and what they are");

  keys = await completions("A key begun as fba_", `${HEAD}${ACCOUNTS}fba_|\n`);
  expect(keys.has("fba_returns_fees"), "the roles that it may become");

  keys = await completions("A key of [[rule]]", `${HEAD}${ACCOUNTS}[[rule]]\nrole = "loan"\n|\n`);
  expect(keys.has("sku") && keys.has("from"), "the fields of a rule");
  expect(keys.get("marketplace")?.includes("Amazon.de"), "and what they are");

  const values = await completions(
    "The value of a rule's role",
    `${HEAD}${ACCOUNTS}[[rule]]\nsku = "A"\nrole = |\n`,
  );
  expect(values.has("product_sales") && values.has("reserve"), "the roles");
  expect(values.get("reserve")?.includes("withholds"), "and what each is");
  expect(!values.has("amazon_clearing"), "but none that no row can have");

  const tables = await completions("A table", `${HEAD}${ACCOUNTS}[|]\n`);
  expect(tables.has("template") || tables.has("unknown"), "the tables of the file");

  const told = await ask("textDocument/hover", write(`${HEAD}[accounts]\nreferral_|fees = "5"\n`));
  const text = plain(told?.contents);
  console.log(`\nThe mouse over referral_fees: ${text.slice(0, 90)}`);
  expect(text.includes("ommission"), "what the role is");

  console.log("\nMistakes");
  const none = await mistakes(`${HEAD}${ACCOUNTS}`);
  expect(none.length === 0, `none in a right file: ${none}`);
  for (const [wrong, word] of [
    ['referal_fees = "1"', "referal_fees"],
    ['[[rule]]\nsku = "A"\nrole = "amazon_clearing"', "amazon_clearing"],
    ['[[rule]]\nmarket = "Amazon.de"\nrole = "loan"', "market"],
  ]) {
    const found = await mistakes(`${HEAD}${ACCOUNTS}${wrong}\n`);
    expect(found.some((one) => one.includes(word)), `${wrong.replaceAll("\n", "; ")}: ${found}`);
  }
}

const installed = createRequire(resolve(process.argv[2] ?? "target/editor", "package.json"));
const { TaploLsp } = installed("@taplo/lsp");
const lsp = await TaploLsp.initialize(environment, { onMessage: listen });
try {
  copyFileSync(SCHEMA, join(folder, "rules.schema.json"));
  const root = { uri: pathToFileURL(folder).href, name: "rules" };
  await ask("initialize", {
    processId: null,
    rootUri: root.uri,
    capabilities: { workspace: { configuration: true } },
    workspaceFolders: [root],
  });
  lsp.send({ jsonrpc: "2.0", method: "initialized", params: {} });
  await check();
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
