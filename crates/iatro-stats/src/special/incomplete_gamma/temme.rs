//! Temme's uniform asymptotic expansion of the incomplete gamma functions, for large shapes.
//!
//! With lambda = x / shape and eta^2 / 2 = lambda - 1 - ln lambda (eta has the sign of lambda - 1):
//!
//! ```text
//! Q(a, x) = erfc(eta sqrt(a/2)) / 2 + R,   P(a, x) = erfc(-eta sqrt(a/2)) / 2 - R
//! R = e^(-a eta^2 / 2) / sqrt(2 pi a) * sum_k c_k(eta) a^-k
//! ```
//!
//! Source: Temme 1979, SIAM J Math Anal 10:757-766; DLMF 8.12. The table holds the Taylor
//! coefficients of c_k at eta = 0, from their recurrence in 80-digit arithmetic; what is
//! left out is below 2e-17 of the sum for shape >= 100 and |eta| <= 0.41.

use std::f64::consts::TAU;

use super::super::erfc::erfc_sqrt;
use super::Tails;

/// Returns true where the expansion holds full accuracy; `deviation` is x / shape - 1.
pub(super) fn applies(shape: f64, deviation: f64) -> bool {
    shape >= 100.0 && deviation.abs() <= 0.35
}

/// Both tails; `deviation` is x / shape - 1 and `deviance` is `deviation - ln(1 + deviation)`.
pub(super) fn tails(shape: f64, deviation: f64, deviance: f64) -> Tails {
    let eta = (2.0 * deviance).sqrt().copysign(deviation);
    let exponent = shape * deviance;
    let remainder = (-exponent).exp() / (TAU * shape).sqrt() * correction(shape, eta);
    let main = 0.5 * erfc_sqrt(exponent);
    if eta < 0.0 {
        Tails::from_lower((main - remainder).max(0.0))
    } else {
        Tails::from_upper(main + remainder)
    }
}

/// Returns `sum_k c_k(eta) shape^-k`.
fn correction(shape: f64, eta: f64) -> f64 {
    COEFFICIENTS.iter().rev().fold(0.0, |sum, row| {
        let c_k = row.iter().rev().fold(0.0, |inner, &d| inner * eta + d);
        sum / shape + c_k
    })
}

/// Row k holds d_k0, d_k1, ...: c_k(eta) = d_k0 + d_k1 eta + d_k2 eta^2 + ...
const COEFFICIENTS: [&[f64]; 7] = [
    &[
        -0.3333333333333333,
        0.08333333333333333,
        -0.014814814814814815,
        0.0011574074074074073,
        0.0003527336860670194,
        -0.0001787551440329218,
        3.919263178522438e-05,
        -2.185448510679992e-06,
        -1.85406221071516e-06,
        8.296711340953087e-07,
        -1.7665952736826078e-07,
        6.707853543401498e-09,
        1.0261809784240309e-08,
        -4.382036018453353e-09,
        9.14769958223679e-10,
        -2.5514193994946248e-11,
        -5.830772132550426e-11,
    ],
    &[
        -0.001851851851851852,
        -0.003472222222222222,
        0.0026455026455026454,
        -0.0009902263374485596,
        0.00020576131687242798,
        -4.018775720164609e-07,
        -1.8098550334489977e-05,
        7.64916091608111e-06,
        -1.6120900894563446e-06,
        4.647127802807434e-09,
        1.378633446915721e-07,
        -5.752545603517705e-08,
        1.1951628599778148e-08,
        -1.7543241719747647e-11,
        -1.0091543710600413e-09,
    ],
    &[
        0.004133597883597883,
        -0.0026813271604938273,
        0.0007716049382716049,
        2.0093878600823047e-06,
        -0.0001073665322636516,
        5.2923448829120125e-05,
        -1.2760635188618728e-05,
        3.423578734096138e-08,
        1.3721957309062934e-06,
        -6.298992138380055e-07,
        1.4280614206064242e-07,
        -2.0477098421990866e-10,
        -1.409252991086752e-08,
    ],
    &[
        0.0006494341563786008,
        0.00022947209362139917,
        -0.0004691894943952557,
        0.00026772063206283885,
        -7.561801671883977e-05,
        -2.396505113867297e-07,
        1.1082654115347302e-05,
        -5.6749528269915965e-06,
        1.4230900732435883e-06,
        -2.7861080291528143e-11,
        -1.6958404091930278e-07,
    ],
    &[
        -0.0008618882909167117,
        0.0007840392217200666,
        -0.0002990724803031902,
        -1.4638452578843418e-06,
        6.641498215465122e-05,
        -3.968365047179435e-05,
        1.1375726970678419e-05,
    ],
    &[
        -0.00033679855336635813,
        -6.972813758365857e-05,
        0.0002772753244959392,
        -0.00019932570516188847,
        6.797780477937208e-05,
    ],
    &[0.0005313079364639922, -0.0005921664373536939, 0.0002708782096718045],
];
