//! Each test is a function of a `&Store`, run on every engine.

mod accruals;
mod alerts;
mod audit;
mod bank;
mod catalog;
mod checkpoints;
mod documents;
mod lanes;
mod listing;
mod orders;
mod periods;
mod postings;
mod purge;
mod rates;
mod reports;
mod schedule;
mod secrets;
mod settlements;
mod shipments;
mod users;

/// Runs each test on a store in memory, on one in a data folder, and on a PostgreSQL server.
macro_rules! on_every_engine {
    ($($module:ident { $($test:ident,)* })*) => {
        mod in_memory {$(mod $module {$(
            #[tokio::test]
            async fn $test() {
                let store = store::Store::in_memory().expect("a store");
                crate::conformance::$module::$test(&store).await;
            }
        )*})*}
        mod in_folder {$(mod $module {$(
            #[tokio::test]
            async fn $test() {
                let dir = tempfile::tempdir().expect("a folder");
                let store = store::Store::open(dir.path()).expect("a store");
                crate::conformance::$module::$test(&store).await;
            }
        )*})*}
        mod on_postgres {$(mod $module {$(
            #[tokio::test]
            async fn $test() {
                let store = crate::server::connect(concat!(module_path!(), stringify!($test))).await;
                crate::conformance::$module::$test(&store).await;
            }
        )*})*}
    };
}

on_every_engine! {
    accruals {
        a_period_has_one_accrual_in_each_currency,
        an_accrual_moves_with_its_journals,
    }
    alerts {
        an_alert_is_raised_once_and_told_to_each_channel,
        another_stage_is_told_anew,
        what_is_over_is_kept_until_all_who_were_told_know,
        only_what_was_looked_for_is_over,
    }
    audit {
        every_transition_is_told_with_its_states,
        the_chain_can_be_recomputed,
        a_story_has_its_reports_and_postings_and_no_others,
        a_subject_selects_whole_words,
        any_event_comes_back_and_verifies,
        exported_lines_verify_without_the_store,
        each_connection_has_a_chain_of_its_own,
    }
    bank {
        a_line_is_taken_in_once,
        a_line_that_changed_is_refused_and_nothing_of_its_file_is_taken_in,
        a_person_says_whose_deposit_a_line_is,
        what_is_waived_is_replaced,
    }
    catalog {
        listings_take_the_place_of_those_before,
        a_mapping_moves_with_its_cross_references,
    }
    checkpoints {
        every_hundredth_event_is_vouched_for,
        the_end_of_the_work_is_vouched_for_once,
        without_a_signer_nobody_vouches,
    }
    documents {
        any_bytes_come_back,
        the_same_bytes_are_kept_once,
        an_unknown_document_is_none,
    }
    lanes {
        a_lane_has_one_holder,
        an_expired_lane_goes_to_the_next,
        a_holder_that_comes_late_writes_nothing,
        a_released_lane_is_free_at_once,
    }
    listing {
        settlements_are_listed_a_page_at_a_time_the_newest_first,
        the_settlement_before_is_of_the_same_currency,
        documents_are_known_by_either_side,
        orders_are_listed_by_what_changed_last,
    }
    orders {
        an_order_is_new_once,
        an_order_changes_only_what_is_asked,
        a_refused_move_changes_nothing,
        an_intent_comes_with_the_transition_and_counts,
        orders_are_listed_and_counted_by_state,
        an_order_of_two_connections_is_known_to_both,
        a_list_is_read_window_by_window,
    }
    periods {
        a_text_is_kept_with_the_one_it_replaces,
        what_was_read_last_takes_the_place_of_what_was_read_before,
        a_period_is_signed_once_until_it_is_reopened,
    }
    postings {
        intents_come_with_the_transition,
        a_key_is_never_recorded_twice,
        intents_need_the_expected_state,
        steps_count_attempts_and_keep_the_outcome,
        waiting_on_does_not_start_the_wait_again,
        a_refused_step_changes_nothing,
        an_incident_is_kept_until_it_is_gone,
    }
    purge {
        documents_of_old_settlements_go_and_leave_a_certificate,
        old_orders_go_with_their_packs_and_leave_a_certificate,
        alerts_whose_end_nobody_could_be_told_go_in_time,
    }
    rates {
        the_newest_budget_of_each_operation_is_kept,
    }
    reports {
        a_report_is_new_once,
        a_report_lives_through_its_states,
        what_was_said_of_a_document_stays,
        a_refused_move_changes_nothing,
        reports_are_listed_per_connection_by_age,
    }
    schedule {
        what_is_due_is_found_once_it_is,
        a_run_is_recorded_and_plans_the_next,
        a_run_that_never_ended_was_interrupted,
        a_wish_that_comes_during_a_run_stays,
        what_is_gone_is_forgotten,
        everything_is_counted,
    }
    secrets {
        a_secret_is_replaced,
        a_secret_that_waited_takes_the_place,
        secrets_are_resealed_together_or_not_at_all,
        a_secret_that_was_set_since_is_not_left_behind,
        resealing_is_vouched_for_as_all_else,
        a_connection_is_forgotten_alone,
        the_first_of_two_secrets_stays,
        a_setting_is_noted_once,
    }
    settlements {
        a_settlement_is_new_once,
        another_content_is_a_reissue,
        a_settlement_takes_on_another_content,
        a_settlement_needs_its_document,
        hold_and_plan_change_only_when_asked,
        a_refused_move_changes_nothing,
        only_one_of_two_deciders_wins,
        settlements_are_ordered_by_end_then_id,
        a_settlement_of_two_connections_is_known_to_both,
    }
    shipments {
        a_pack_is_new_once_for_each_order,
        a_corrected_pack_moves_with_its_content,
        an_intent_belongs_to_the_story_of_the_order,
        a_refused_move_changes_nothing,
    }
    users {
        a_name_is_taken_once,
        what_changes_for_a_user_ends_their_sessions_alone,
        a_refused_change_changes_nothing,
        a_session_lives_until_it_is_ended_or_forgotten,
    }
}
