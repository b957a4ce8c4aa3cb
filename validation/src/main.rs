//! timing
use iatro_validation::planting::*;
use iatro_validation::method::*;
use std::time::Instant;
fn main() {
    let study = iatro_signals::study::Study::embedded("hlh").unwrap();
    let want = std::env::args().nth(1);
    for s in &iatro_synth::SCENARIOS {
        if want.as_deref().is_some_and(|w| w != s.id) { continue; }
        let t = Instant::now();
        let job = Job { scenario: s.id.into(), model: s.model(1.0, 1).unwrap(), seed: 1, reports: 100_000, sweeps: 5000 };
        let a = ask(&job, &study).unwrap();
        let t1 = t.elapsed();
        let crude = iatro_validation::methods::crude(&a.corpus, &a.prepared).unwrap();
        let t2 = t.elapsed();
        let sh = iatro_validation::methods::shrunk(&a.corpus, &a.prepared, &crude).unwrap();
        let t3 = t.elapsed();
        let r = iatro_validation::methods::regression(&a.corpus, &a.prepared, &Default::default());
        let t4 = t.elapsed();
        let p = judge(&job, &study).unwrap();
        let t5 = t.elapsed();
        eprintln!("{} ask {:?} crude {:?} ebgm {:?} reg {:?} all {:?} unknown {:?} cases {} refused {}/{} subs {} {} {}", s.id, t1, t2-t1, t3-t2, t4-t3, t5-t4, iatro_validation::recovery::unknown_to(&study, &a.sample.truth), p.cases, p.refused, p.asked, p.substances.len(), sh.is_some(), r.is_some());
        for j in p.substances.iter().filter(|j| j.part.is_some()) {
            eprintln!("   {:?} c{} n{} ror {:?} {}", j.part.unwrap(), j.culprit, j.n, j.ror.map(|x| x.round()), j.verdicts.iter().map(|(m, v)| format!("{}:{:.1}/{:.1}{}", m.name(), v.score.0, v.score.1, if v.called {"*"} else {""})).collect::<Vec<_>>().join(" "));
        }
        for m in Method::ALL { let Some(r) = p.recovered.get(&m) else { continue };
        for q in r.iter().filter(|q| q.planted != iatro_validation::recovery::Planted::Innocent) { eprintln!("   {:?} {:?}", m, q); } }
    }
}
