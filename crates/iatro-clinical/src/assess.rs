//! The diagnostic instruments, evaluated on a case in a window of time.

mod result;

pub use result::{
    Applicability, Assessment, CourseRow, Decides, Disagreement, Evidence, Flag, Interval,
    ItemResult, LeftOut, NextTest, Probability, ProbabilityAt, Question, Report, Verdict, Window,
};
