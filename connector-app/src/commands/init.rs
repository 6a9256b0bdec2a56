//! `init`: a configuration and rules to start from. It writes new files only.

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use ledger_mapper::Rules;
use serde_json::json;
use url::Url;
use vault::KeyEncryptionKey;

use super::App;
use crate::cli::InitArgs;
use crate::config::{Config, DEFAULT_FILE, write_key};
use crate::exit::Exit;
use crate::output::{self, HEAD, styled};
use crate::secrets::entropy;

/// The configuration, with `@name@` for what is asked.
const TEMPLATE: &str = include_str!("../../data/ml-connector.toml");

/// What stands at the head of the rules, in place of what the sample says of itself.
const RULES_HEAD: &str = "\
#:schema ./rules.schema.json
# Which account each amount of a settlement goes to. Put your own account numbers in, under
# [chart] and [accounts]: `ml-connector rules list` shows every role with its account, `rules lint`
# what is wrong.
# An amount that nobody has classified holds its settlement; see [unknown] at the end.
";

/// How often a question is asked before the command gives up.
const ATTEMPTS_MAX: usize = 5;

/// Something to ask: its name in the template, how it is asked, what stands there otherwise.
struct Question {
    name: &'static str,
    text: &'static str,
    default: &'static str,
    /// What is wrong with an answer.
    fault: fn(&str) -> Option<&'static str>,
}

const QUESTIONS: [Question; 6] = [
    Question {
        name: "name",
        text: "A short name for this connection (letters, digits and -)",
        default: "main",
        fault: |answer| {
            let good = answer.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            (!good).then_some("letters, digits and - only")
        },
    },
    Question {
        name: "region",
        text: "Amazon's region: na, eu or fe",
        default: "na",
        fault: |answer| (!["na", "eu", "fe"].contains(&answer)).then_some("na, eu or fe"),
    },
    Question {
        name: "client_id",
        text: "The client id of your Amazon application",
        default: "amzn1.application-oa2-client.REPLACE",
        fault: |_| None,
    },
    Question {
        name: "url",
        text: "Epicor's address, https://host/instance",
        default: "https://erp.example.com/kinetic",
        fault: |answer| {
            let good = Url::parse(answer)
                .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
            (!good).then_some("an address such as https://host/instance")
        },
    },
    Question { name: "company", text: "The Epicor company", default: "EPIC06", fault: |_| None },
    Question {
        name: "user",
        text: "The connector's own Epicor user",
        default: "connector",
        fault: |_| None,
    },
];

pub(super) fn schema() -> anyhow::Result<Exit> {
    output::line(serde_json::to_string_pretty(&Config::schema())?);
    Ok(Exit::Ok)
}

pub(super) fn run(app: &App, args: &InitArgs) -> anyhow::Result<Exit> {
    let given = |name| match name {
        "name" => args.name.as_deref(),
        "region" => args.region.as_deref(),
        "client_id" => args.client_id.as_deref(),
        "url" => args.url.as_deref(),
        "company" => args.company.as_deref(),
        "user" => args.user.as_deref(),
        _ => None,
    };
    let targets = [DEFAULT_FILE, "rules.toml"].map(|name| args.dir.join(name));
    if let Some(there) = targets.iter().find(|path| path.exists()) {
        bail!("{} is there already and stays as it is; nothing was written", there.display());
    }
    let config = if std::io::stdin().is_terminal() && !app.common.json {
        let (stdin, stderr) = (std::io::stdin(), std::io::stderr());
        filled(given, Some((&mut stdin.lock(), &mut stderr.lock())))?
    } else {
        filled::<std::io::Empty, std::io::Sink>(given, None)?
    };
    let sample = Rules::sample_text();
    let (_, rules) = sample.split_once("\n\n").context("the sample rules have no head")?;
    let rules = format!("{RULES_HEAD}\n{rules}");
    let schema = serde_json::to_string_pretty(&Config::schema())? + "\n";

    let dir = &args.dir;
    std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let mut written = Vec::new();
    for (name, text, mode) in [
        (DEFAULT_FILE, config.as_str(), 0o600),
        ("rules.toml", rules.as_str(), 0o644),
        ("ml-connector.schema.json", schema.as_str(), 0o644),
        ("rules.schema.json", Rules::schema(), 0o644),
    ] {
        if write_new(&dir.join(name), text, mode)? {
            written.push(name);
        }
    }
    let key = dir.join("vault.key");
    if !key.exists() {
        let fresh = KeyEncryptionKey::generate(&mut entropy);
        write_key(&key, &fresh).with_context(|| format!("writing {}", key.display()))?;
        written.push("vault.key");
    }
    tell(app, dir, &written);
    Ok(Exit::Ok)
}

/// The configuration with each answer in its place: given by a flag, asked for, or the default.
fn filled<'g, R: BufRead, W: Write>(
    given: impl Fn(&'static str) -> Option<&'g str>,
    mut terminal: Option<(&mut R, &mut W)>,
) -> anyhow::Result<String> {
    let mut text = TEMPLATE.to_owned();
    for question in &QUESTIONS {
        let answer = match (given(question.name), terminal.as_mut()) {
            (Some(answer), _) => {
                if let Some(fault) = (question.fault)(answer).or(blank(answer)) {
                    bail!("--{}: write {fault}", question.name.replace('_', "-"));
                }
                answer.to_owned()
            }
            (None, Some((input, output))) => ask(question, input, output)?,
            (None, None) => question.default.to_owned(),
        };
        let quoted = toml::Value::String(answer).to_string();
        text = text.replace(&format!("@{}@", question.name), &quoted);
    }
    Ok(text)
}

fn blank(answer: &str) -> Option<&'static str> {
    answer.trim().is_empty().then_some("something")
}

fn ask(
    question: &Question,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> anyhow::Result<String> {
    let Question { text, default, .. } = question;
    for _ in 0..ATTEMPTS_MAX {
        write!(output, "{text} [{default}]: ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            bail!("the answers ended at \"{text}\"; nothing was written");
        }
        let answer = match line.trim() {
            "" => default,
            answer => answer,
        };
        match (question.fault)(answer) {
            None => return Ok(answer.to_owned()),
            Some(fault) => writeln!(output, "  write {fault}")?,
        }
    }
    bail!("no usable answer to \"{text}\"; nothing was written")
}

/// Writes a file unless it is there; `false` when it is.
fn write_new(path: &Path, text: &str, mode: u32) -> anyhow::Result<bool> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _everyone: u32 = mode;
    let mut file = match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(false),
        opened => opened.with_context(|| format!("writing {}", path.display()))?,
    };
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(true)
}

fn tell(app: &App, dir: &Path, written: &[&str]) {
    if app.common.json {
        output::line(json!({ "folder": dir.display().to_string(), "written": written }));
        return;
    }
    output::line(format!("Written to {}: {}", dir.display(), written.join(", ")));
    output::line("Keep a copy of vault.key where the backups are not: without it the credentials");
    output::line("are lost.");
    output::line(styled(HEAD, "Next"));
    for step in [
        "1. rules.toml: put in your account numbers; `ml-connector rules list` shows every role",
        "2. ml-connector credentials set amazon.client_secret",
        "   likewise amazon.refresh_token, epicor.api_key and epicor.password",
        "3. ml-connector.toml: set go_live when settlements were entered into Epicor by hand so far",
        "4. ml-connector check",
        "5. ml-connector sync settlements",
    ] {
        output::line(format!("  {step}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answers: &str) -> (anyhow::Result<String>, String) {
        let mut said = Vec::new();
        let config = filled(|_| None, Some((&mut answers.as_bytes(), &mut said)));
        (config, String::from_utf8(said).expect("text"))
    }

    #[test]
    fn what_is_asked_stands_in_the_file_and_a_wrong_answer_is_asked_again() {
        let (config, said) =
            answered("us\nmoon\neu\n\nnowhere\nhttps://erp.example.org/live\nACME\n\"x\\\n");
        let config = config.expect("answered");
        let table: toml::Table = config.parse().expect("TOML");
        let connection = &table["connection"][0];
        assert_eq!(connection["name"].as_str(), Some("us"));
        assert_eq!(connection["amazon"]["region"].as_str(), Some("eu"));
        assert_eq!(connection["epicor"]["url"].as_str(), Some("https://erp.example.org/live"));
        assert_eq!(connection["epicor"]["user"].as_str(), Some("\"x\\"), "quoted as it must be");
        assert_eq!(said.matches("write na, eu or fe").count(), 1, "{said}");
    }

    #[test]
    fn answers_that_end_write_nothing() {
        assert!(answered("us\n").0.is_err());
        assert!(answered(&"?\n".repeat(9)).0.is_err());
    }
}
