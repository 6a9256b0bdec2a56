use super::{Finding, Part, Who, exit_of};
use crate::exit::Exit;

fn failed(exit: Exit) -> Finding {
    Finding::failed(Part::Amazon, "login", (Who::ItAdmin, exit), "it failed")
}

#[test]
fn the_exit_code_is_that_of_the_failure_that_says_most() {
    let warning = Finding::warning(Part::Amazon, "retirements", Who::ItAdmin, "soon");
    let cases = [
        (vec![], 0),
        (vec![warning.clone()], 0),
        (vec![warning, failed(Exit::Failed)], 1),
        (vec![failed(Exit::Throttled)], 75),
        (vec![failed(Exit::Failed), failed(Exit::Configuration)], 78),
        (vec![failed(Exit::NotAuthorised), failed(Exit::Configuration)], 77),
        (vec![failed(Exit::Configuration), failed(Exit::NotAuthorised)], 77),
    ];
    for (findings, code) in cases {
        assert_eq!(exit_of(&findings).code(), code, "{findings:?}");
    }
}
