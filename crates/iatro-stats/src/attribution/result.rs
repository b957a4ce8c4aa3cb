//! What the mode and the posterior give back.

/// The mode of the posterior, in ln lambda, ln theta, ln mu, ln rate and logit pi.
#[derive(Debug, Clone, PartialEq)]
pub struct Mode {
    /// Hazard a report of every cause.
    pub lambda: Vec<f64>,
    /// Cases of every cause at the mode (weighted).
    pub attributed: Vec<f64>,
    /// Probability that the cause is active, at the mode.
    pub active: Vec<f64>,
    /// The background at the mode.
    pub background: ModeBackground,
    /// Every event report, in the order given.
    pub events: Vec<EventPosterior>,
    /// Learned numbers of every group.
    pub groups: Vec<ModeGroup>,
    /// Steps of the climb.
    pub iterations: usize,
    /// Whether the climb ended before its steps did.
    pub converged: bool,
    /// Log posterior before the climb and after each step; never falls.
    pub objective: Vec<f64>,
}

/// The background at the mode.
#[derive(Debug, Clone, PartialEq)]
pub struct ModeBackground {
    /// Hazard a report where every theta is 1.
    pub mu: f64,
    /// Multiplier by factor and level; its mean over all reports is 1 for each factor.
    pub theta: Vec<Vec<f64>>,
    /// Cases of the background (weighted).
    pub attributed: f64,
}

/// A group at the mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeGroup {
    /// Probability that a cause of the group is active.
    pub pi: f64,
    /// Mean hazard of an active cause of the group.
    pub active_mean: f64,
}

/// The posterior of all chains.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// Every cause, in the order given.
    pub causes: Vec<CausePosterior>,
    /// The background.
    pub background: BackgroundPosterior,
    /// Every group, in the order given.
    pub groups: Vec<GroupPosterior>,
    /// Sets of causes that the event reports do not tell apart.
    pub inseparable: Vec<Inseparable>,
    /// Every event report, in the order given.
    pub events: Vec<EventPosterior>,
    /// Chains.
    pub chains: usize,
    /// Draws kept of all chains together.
    pub draws: usize,
}

/// A number with its posterior mean, its 95 % equal-tailed interval and how well the chains agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Posterior mean.
    pub mean: f64,
    /// 95 % equal-tailed interval; `None` if the chains do not agree.
    pub interval: Option<(f64, f64)>,
    /// Split R-hat; `None` with fewer than 8 draws in a chain, or if all draws are one number.
    pub r_hat: Option<f64>,
    /// Effective sample size; `None` as for R-hat.
    pub ess: Option<f64>,
    /// Whether R-hat and effective sample size hold the limits.
    pub converged: bool,
}

/// One cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CausePosterior {
    /// Event reports that name it (weighted).
    pub events: f64,
    /// Posterior mean of its hazard a report.
    pub lambda: f64,
    /// 95 % equal-tailed interval; `None` unless converged.
    pub lambda_interval: Option<(f64, f64)>,
    /// Cases attributed to it (weighted), posterior mean.
    pub attributed: f64,
    /// 95 % equal-tailed interval of the attributed cases; `None` unless converged.
    pub attributed_interval: Option<(f64, f64)>,
    /// Posterior probability of the active component.
    pub active: f64,
    /// The larger split R-hat of ln lambda and of the attributed cases.
    pub r_hat: Option<f64>,
    /// The smaller effective sample size of the two.
    pub ess: Option<f64>,
    /// Whether both hold the limits.
    pub converged: bool,
}

/// The background.
#[derive(Debug, Clone, PartialEq)]
pub struct BackgroundPosterior {
    /// Hazard a report where every theta is 1.
    pub mu: Summary,
    /// Multiplier by factor and level; its mean over all reports is 1 for each factor.
    pub theta: Vec<Vec<Summary>>,
    /// Cases left to the background (weighted).
    pub attributed: Summary,
}

/// Learned numbers of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupPosterior {
    /// Probability that a cause of the group is active.
    pub pi: Summary,
    /// Mean hazard of an active cause of the group.
    pub active_mean: Summary,
}

/// Causes of which the event reports tell that it was one of them, not which.
#[derive(Debug, Clone, PartialEq)]
pub struct Inseparable {
    /// Positions of the causes, ascending; two or more.
    pub causes: Vec<usize>,
    /// Whether they stand on exactly the same event reports: then only their sum is known from those, and
    /// how it is split comes from exposure and prior. Otherwise their event reports overlap, each of them
    /// alone may have no case at all, and all together have some for certain.
    pub same_reports: bool,
    /// Exposed reports of each.
    pub exposed: Vec<f64>,
    /// Event reports that name any of them (weighted).
    pub events: f64,
    /// Sum of their hazards, posterior mean.
    pub lambda: f64,
    /// 95 % equal-tailed interval of the sum; `None` unless converged.
    pub lambda_interval: Option<(f64, f64)>,
    /// Cases attributed to them together, posterior mean.
    pub attributed: f64,
    /// 95 % equal-tailed interval; `None` unless converged.
    pub attributed_interval: Option<(f64, f64)>,
    /// The larger split R-hat of the logarithm of the sum and of the attributed cases.
    pub r_hat: Option<f64>,
    /// The smaller effective sample size of the two.
    pub ess: Option<f64>,
    /// Whether both hold the limits.
    pub converged: bool,
}

/// Probability of every possible cause of one event report; they sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPosterior {
    /// Probability of the background.
    pub background: f64,
    /// Probability of every edge, in the order of [`Event::edges`](super::Event::edges).
    pub edges: Vec<f64>,
}
