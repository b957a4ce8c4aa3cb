//! The subjects of the oracles.

use iatro_stats::survival::{Cohort, Subject};

/// Acute myelogenous leukaemia (`survival::aml`, Miller 1997): weeks, event; the first 11 maintained.
const AML: [(f64, bool); 23] = [
    (9., true),
    (13., true),
    (13., false),
    (18., true),
    (23., true),
    (28., false),
    (31., true),
    (34., true),
    (45., false),
    (48., true),
    (161., false),
    (5., true),
    (5., true),
    (8., true),
    (8., true),
    (12., true),
    (16., false),
    (23., true),
    (27., true),
    (30., true),
    (33., true),
    (43., true),
    (45., true),
];

/// Weeks in remission of acute leukaemia (Freireich et al. 1963): 6-mercaptopurine, negative if
/// censored, then placebo.
const FREIREICH: [[f64; 21]; 2] = [
    [
        -6., 6., 6., 6., 7., -9., -10., 10., -11., 13., 16., -17., -19., -20., 22., 23., -25.,
        -32., -32., -34., -35.,
    ],
    [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17., 22., 23.],
];

/// Ovarian cancer (`survival::ovarian`, Edmonson et al. 1979): days (negative if censored), age, arm.
const OVARIAN: [(f64, f64, f64); 26] = [
    (59., 72.3315, 1.),
    (115., 74.4932, 1.),
    (156., 66.4658, 1.),
    (-421., 53.3644, 2.),
    (431., 50.3397, 1.),
    (-448., 56.4301, 1.),
    (464., 56.9370, 2.),
    (475., 59.8548, 2.),
    (-477., 64.1753, 1.),
    (563., 55.1781, 2.),
    (638., 56.7562, 1.),
    (-744., 50.1096, 2.),
    (-769., 59.6301, 2.),
    (-770., 57.0521, 2.),
    (-803., 39.2712, 1.),
    (-855., 43.1233, 1.),
    (-1040., 38.8932, 1.),
    (-1106., 44.6000, 1.),
    (-1129., 53.9068, 2.),
    (-1206., 44.2055, 2.),
    (-1227., 59.5890, 2.),
    (268., 74.5041, 1.),
    (329., 43.1370, 1.),
    (353., 63.2192, 2.),
    (365., 64.4247, 2.),
    (-377., 58.3096, 2.),
];

/// The cohort, and for each subject whether it was not maintained.
pub(crate) fn aml() -> (Cohort, Vec<usize>) {
    let (times, events): (Vec<f64>, Vec<bool>) = AML.into_iter().unzip();
    let groups = (0..23).map(|i| usize::from(i >= 11)).collect();
    (Cohort::right_censored(&times, &events).unwrap(), groups)
}

/// The cohort, and for each subject whether it had placebo.
pub(crate) fn freireich() -> (Cohort, Vec<usize>) {
    let times = FREIREICH.concat();
    let events: Vec<bool> = times.iter().map(|&t| t > 0.0).collect();
    let times: Vec<f64> = times.iter().map(|t| t.abs()).collect();
    let groups = (0..42).map(|i| usize::from(i >= 21)).collect();
    (Cohort::right_censored(&times, &events).unwrap(), groups)
}

/// The cohort, with age and arm.
pub(crate) fn ovarian() -> (Cohort, [Vec<f64>; 2]) {
    let times: Vec<f64> = OVARIAN.iter().map(|row| row.0.abs()).collect();
    let events: Vec<bool> = OVARIAN.iter().map(|row| row.0 > 0.0).collect();
    let columns = [OVARIAN.map(|row| row.1).to_vec(), OVARIAN.map(|row| row.2).to_vec()];
    (Cohort::right_censored(&times, &events).unwrap(), columns)
}

/// 140 subjects from the generator of Park and Miller (x = 16807 x mod 2^31 - 1, from 1), the same in
/// R: ties, two causes, late entries, weights, three covariates, three sites.
pub(crate) struct Drawn {
    pub(crate) time: Vec<f64>,
    pub(crate) cause: Vec<u32>,
    pub(crate) treat: Vec<f64>,
    pub(crate) age: Vec<f64>,
    pub(crate) lab: Vec<f64>,
    pub(crate) site: Vec<usize>,
    pub(crate) entry: Vec<f64>,
    pub(crate) weight: Vec<f64>,
}

impl Drawn {
    pub(crate) fn new() -> Self {
        let mut drawn = Self {
            time: vec![],
            cause: vec![],
            treat: vec![],
            age: vec![],
            lab: vec![],
            site: vec![],
            entry: vec![],
            weight: vec![],
        };
        let mut state = 1_u64;
        for _ in 0..140 {
            drawn.draw(&mut state);
        }
        drawn
    }

    fn draw(&mut self, state: &mut u64) {
        let mut u = || {
            *state = 16_807 * *state % 2_147_483_647;
            *state as f64 / 2_147_483_647.0
        };
        let treat = f64::from(u8::from(u() < 0.5));
        let age = 30.0 + (50.0 * u()).floor();
        let lab = (1000.0 * u()).floor() / 100.0;
        let third = 3.0 * u();
        let site = 1 + usize::from(third >= 1.0) + usize::from(third >= 2.0);
        let hazard = (0.5 * treat + 0.02 * (age - 55.0)).exp();
        let event = 1.0 + (-60.0 * u().ln() / hazard).floor();
        let censoring = 1.0 + (150.0 * u()).floor();
        let cause = if u() < 0.6 { 1 } else { 2 };
        let entry = (20.0 * u()).floor();
        let weight = 1.0 + (3.0 * u()).floor();
        let time = event.min(censoring);
        self.time.push(time);
        self.cause.push(if event <= censoring { cause } else { 0 });
        self.treat.push(treat);
        self.age.push(age);
        self.lab.push(lab);
        self.site.push(site);
        self.entry.push(if entry < time { entry } else { 0.0 });
        self.weight.push(weight);
    }

    pub(crate) fn cohort(&self, entries: bool, weights: bool) -> Cohort {
        let subject = |i: usize| {
            let time = self.time[i];
            let subject = match self.cause[i] {
                0 => Subject::censored(time),
                cause => Subject::of_cause(time, cause),
            };
            let subject = if entries { subject.entering(self.entry[i]) } else { subject };
            if weights { subject.weighing(self.weight[i]) } else { subject }
        };
        Cohort::new(&(0..self.time.len()).map(subject).collect::<Vec<_>>()).unwrap()
    }
}
