use super::*;

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}");
}

fn all() -> [Schedule; 4] {
    [
        Schedule::Cosine,
        Schedule::Betas(Betas::linear(1e-4, 0.02).unwrap()),
        Schedule::Betas(Betas::scaled_linear(0.00085, 0.012).unwrap()),
        Schedule::Flow,
    ]
}

#[test]
fn cosine_is_the_published_curve_half_a_step_later() {
    // cos²((500 / 1000 + 0.008) / 1.008 · π / 2), by hand
    let level = Schedule::Cosine.level(499.5);
    near(level.alpha.powi(2), 0.493_767_1, 1e-6);
}

#[test]
fn ddpm_ends_where_the_paper_says() {
    // Ho et al. 2020, section 4: the signal that is left gives a divergence from pure noise of about 1e-5 bits; the product is 4.04e-5.
    let ddpm = Schedule::Betas(Betas::linear(1e-4, 0.02).unwrap());
    near(ddpm.level(0.0).alpha.powi(2), 0.9999, 1e-12);
    near(ddpm.level(1.0).alpha.powi(2), 0.9999 * (1.0 - (1e-4 + 0.0199 / 999.0)), 1e-12);
    near(ddpm.level(999.0).alpha.powi(2), 4.036e-5, 1e-8);
}

#[test]
fn latent_diffusion_ends_at_its_largest_sigma() {
    // The largest sigma / alpha of Stable Diffusion 1 is 14.6146, the smallest 0.0292.
    let schedule = Schedule::Betas(Betas::scaled_linear(0.00085, 0.012).unwrap());
    near((-schedule.level(999.0).half_log_snr()).exp(), 14.6146, 1e-3);
    near((-schedule.level(0.0).half_log_snr()).exp(), 0.0292, 1e-4);
}

#[test]
fn noise_rises_with_time_and_power_is_one_but_for_the_flow() {
    for schedule in all() {
        let levels: Vec<_> = (0..=4000).map(|i| schedule.level(schedule.last_time() * f64::from(i) / 4000.0)).collect();
        assert!(levels.windows(2).all(|w| w[0].sigma < w[1].sigma && w[0].alpha > w[1].alpha));
        for level in levels {
            let whole = if schedule == Schedule::Flow { level.alpha + level.sigma } else { level.alpha.powi(2) + level.sigma.powi(2) };
            near(whole, 1.0, 1e-12);
        }
    }
}

#[test]
fn times_beyond_the_ends_count_as_the_ends() {
    for schedule in all() {
        assert_eq!(schedule.level(-5.0), schedule.level(0.0));
        assert_eq!(schedule.level(5000.0), schedule.level(schedule.last_time()));
    }
}

#[test]
fn times_run_evenly_from_the_amount_to_zero() {
    assert_eq!(Schedule::Cosine.times(1.0, 3), [999.0, 666.0, 333.0, 0.0]);
    assert_eq!(Schedule::Flow.times(0.5, 2), [0.5, 0.25, 0.0]);
}

#[test]
fn refuses_betas_that_do_not_rise_between_zero_and_one() {
    for (start, end) in [(0.0, 0.02), (0.02, 0.01), (0.1, 1.0), (f64::NAN, 0.02), (0.1, f64::NAN)] {
        assert!(Betas::linear(start, end).is_err());
        assert!(Betas::scaled_linear(start, end).is_err());
    }
}
