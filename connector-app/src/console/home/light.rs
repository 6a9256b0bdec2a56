//! One word for how a connection stands.

use crate::exit::Exit;

/// What is seen of a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Sight<'a> {
    /// The outcome of the last run of each flow.
    pub(super) outcomes: Vec<(&'a str, &'a str)>,
    /// How many records wait for a person.
    pub(super) held: usize,
    /// How many settlements are late.
    pub(super) late: usize,
}

/// The light, and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Light {
    pub(super) word: &'static str,
    pub(super) tone: &'static str,
    pub(super) why: String,
}

impl Light {
    /// The worst of what is seen.
    pub(super) fn of(sight: &Sight<'_>) -> Self {
        let light = |word, tone, why: String| Self { word, tone, why };
        let gentle = |outcome: &str| {
            let gentle = [Exit::Ok, Exit::Held, Exit::NotReconciled, Exit::Throttled];
            gentle.iter().any(|exit| exit.as_str() == outcome) || outcome == store::INTERRUPTED
        };
        if let Some((flow, outcome)) = sight.outcomes.iter().find(|(_, word)| !gentle(word)) {
            let why = format!("The last run of {flow} ended: {outcome}. Below is what it said.");
            return light("failed", "bad", why);
        }
        if sight.late > 0 {
            let why = "A settlement that was due has not come. Look for it in Seller Central.";
            return light("late", "bad", why.to_owned());
        }
        if sight.held > 0 {
            let what = if sight.held == 1 { "1 record waits" } else { "records wait" };
            let count = if sight.held == 1 { String::new() } else { format!("{} ", sight.held) };
            return light("needs a person", "attention", format!("{count}{what} for a decision."));
        }
        if let Some((flow, outcome)) =
            sight.outcomes.iter().find(|(_, word)| *word != Exit::Ok.as_str())
        {
            let why = format!("The last run of {flow} ended: {outcome}. The next one goes on.");
            return light("goes on", "attention", why);
        }
        if sight.outcomes.is_empty() {
            return light("not run yet", "quiet", "Nothing ran for it so far.".to_owned());
        }
        light("in order", "good", "Nothing waits, and the last run went well.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(outcomes: &[(&'static str, &'static str)], held: usize, late: usize) -> &'static str {
        Light::of(&Sight { outcomes: outcomes.to_vec(), held, late }).word
    }

    #[test]
    fn the_worst_that_is_seen_is_the_light() {
        assert_eq!(word(&[("settlements", "ok")], 0, 0), "in order");
        assert_eq!(word(&[], 0, 0), "not run yet");
        assert_eq!(word(&[("settlements", "throttled")], 0, 0), "goes on");
        assert_eq!(word(&[("settlements", "held")], 2, 0), "needs a person");
        assert_eq!(word(&[("settlements", "ok")], 2, 1), "late");
        assert_eq!(word(&[("settlements", "ok"), ("orders", "failed")], 2, 1), "failed");
    }

    #[test]
    fn every_light_has_a_word_and_a_reason() {
        for (held, late) in [(0, 0), (1, 0), (3, 0), (0, 1)] {
            let light = Light::of(&Sight { outcomes: vec![("settlements", "ok")], held, late });
            assert!(!light.word.is_empty() && light.why.ends_with('.'), "{light:?}");
        }
    }
}
