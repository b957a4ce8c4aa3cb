//! Colours (Okabe and Ito) and the style sheet that turns them over for dark screens.

/// What a mark, line or text is; its class in the style sheet and its colour on white.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ink {
    /// The ground of the figure.
    Paper,
    /// Text and axes.
    Text,
    /// Text of second rank.
    Muted,
    /// Thin lines.
    Rule,
    /// Every other row.
    Band,
    /// Okabe and Ito's blue.
    Blue,
    /// Okabe and Ito's vermilion.
    Vermilion,
    /// Grey marks.
    Grey,
    /// Okabe and Ito's bluish green.
    Green,
    /// Okabe and Ito's reddish purple.
    Purple,
}

impl Ink {
    /// The colour on white.
    pub(super) fn colour(self) -> &'static str {
        match self {
            Self::Paper => "#ffffff",
            Self::Text => "#1a1a1a",
            Self::Muted => "#595959",
            Self::Rule => "#c9c4ba",
            Self::Band => "#f6f4ef",
            Self::Blue => "#0072b2",
            Self::Vermilion => "#d55e00",
            Self::Grey => "#4d4d4d",
            Self::Green => "#009e73",
            Self::Purple => "#cc79a7",
        }
    }

    /// The class of what is filled with it.
    pub(super) fn fill_class(self) -> &'static str {
        match self {
            Self::Paper => "ifp",
            Self::Text => "ift",
            Self::Muted => "ifm",
            Self::Rule => "ifr",
            Self::Band => "ifb",
            Self::Blue => "if1",
            Self::Vermilion => "if2",
            Self::Grey => "if3",
            Self::Green => "if4",
            Self::Purple => "if5",
        }
    }

    /// The class of what is drawn with it.
    pub(super) fn stroke_class(self) -> &'static str {
        match self {
            Self::Paper => "isp",
            Self::Text => "ist",
            Self::Muted => "ism",
            Self::Rule => "isr",
            Self::Band => "isb",
            Self::Blue => "is1",
            Self::Vermilion => "is2",
            Self::Grey => "is3",
            Self::Green => "is4",
            Self::Purple => "is5",
        }
    }
}

/// Only rules in media queries: without them the attributes hold.
pub(super) const STYLE: &str = "\
@media screen and (prefers-color-scheme:dark){\
.ifp{fill:#16181b}.ift{fill:#e9e6e0}.ifm{fill:#b4aea4}.ifr{fill:#45484d}.ifb{fill:#1e2125}\
.if1{fill:#56b4e9}.if2{fill:#f0965a}.if3{fill:#c4c0b8}.if4{fill:#2fc79a}.if5{fill:#dc9cc0}\
.isp{stroke:#16181b}.ist{stroke:#e9e6e0}.ism{stroke:#b4aea4}.isr{stroke:#45484d}.isb{stroke:#1e2125}\
.is1{stroke:#56b4e9}.is2{stroke:#f0965a}.is3{stroke:#c4c0b8}.is4{stroke:#2fc79a}.is5{stroke:#dc9cc0}}\
@media (forced-colors:active){\
.ifp,.ifb{fill:Canvas}.ift,.ifm,.ifr,.if1,.if2,.if3,.if4,.if5{fill:CanvasText}\
.isp,.isb{stroke:Canvas}.ist,.ism,.isr,.is1,.is2,.is3,.is4,.is5{stroke:CanvasText}}";
