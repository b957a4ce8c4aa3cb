//! One suite for every engine that reads SQL: whatever is counted in this process is counted there alike, and what
//! an engine sees that is not this snapshot is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::print_stderr)]

#[cfg(feature = "spark")]
#[path = "../support/launch.rs"]
mod launch;

mod counts;
mod draw;
mod engines;
mod lake;
mod pairs;
mod refused;
mod strata;
mod studies;
mod wrong;

/// Every question of the suite, put to every engine: DataFusion always; Sail where Python is there to install it;
/// Spark, all questions to one server and all to a cluster of two workers, when it is asked for.
macro_rules! protocol {
    ($($module:ident::$question:ident),* $(,)?) => {
        mod datafusion {
            $(
                #[test]
                fn $question() {
                    crate::$module::$question(&crate::engines::datafusion());
                }
            )*
        }

        #[cfg(feature = "spark")]
        mod sail {
            $(
                #[test]
                fn $question() {
                    let Some(server) = crate::launch::sail() else { return };
                    crate::$module::$question(&crate::engines::of_server(&server, 12));
                }
            )*
        }

        #[cfg(feature = "spark")]
        #[test]
        fn spark() {
            let Some(server) = crate::launch::spark(&[]) else { return };
            $(
                eprintln!("{}", stringify!($question));
                crate::$module::$question(&crate::engines::of_server(&server, 3));
            )*
        }

        #[cfg(feature = "spark")]
        #[test]
        fn spark_cluster() {
            let Some(cluster) = crate::launch::Cluster::start(&[]) else { return };
            $(
                eprintln!("{}", stringify!($question));
                crate::$module::$question(&crate::engines::of_server(&cluster.server, 1));
            )*
        }
    };
}

protocol!(
    counts::a_random_plan_has_the_same_cells_and_control_totals,
    counts::the_sources_of_a_lake_are_counted_apart,
    strata::random_strata_have_the_same_cells,
    strata::strata_of_another_corpus_are_refused_before_anything_is_sent,
    pairs::random_corpora_have_the_same_pairs_and_control_totals,
    pairs::a_lake_needs_no_corpus_in_memory,
    pairs::a_rename_that_cannot_be_is_refused_like_here,
    refused::a_folder_that_is_not_there_or_holds_another_lake,
    refused::entries_set_aside_need_their_corpus,
    studies::a_study_has_the_same_result,
    studies::a_study_that_is_asked_otherwise_has_the_same_result,
    studies::a_study_that_restricts_has_the_same_result,
    studies::what_is_made_of_a_study_is_the_same,
    studies::every_pair_has_the_same_result,
);
