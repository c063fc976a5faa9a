//! What the player plays at constant tempo, by whole numbers.

/// The frame at which pass `k` of a loop starts: round(k · beats · 60 · rate / bpm), halves up.
pub fn start(k: i128, beats: i128, bpm: i128, rate: i128) -> i128 {
    (2 * k * beats * 60 * rate + bpm).div_euclid(2 * bpm)
}

/// What plays at frame `n` of the song: the frame of the pass, faded over to the next pass's in the 64 frames before a wrap at which the
/// pass and the take aren't of one length.
pub fn frame(n: i128, sound: &[f32], beats: i128, bpm: i128, rate: i128) -> f32 {
    let mut k = (n * bpm).div_euclid(beats * 60 * rate) - 1;
    while start(k + 1, beats, bpm, rate) <= n {
        k += 1;
    }
    let (first, end) = (start(k, beats, bpm, rate), start(k + 1, beats, bpm, rate));
    let len = sound.len() as i128;
    let at = |i: i128| sound[i.rem_euclid(len) as usize];
    if end - first == len || n < end - 64 {
        return at(n - first);
    }
    let t = ((n - (end - 64)) as f32 + 0.5) / 64.0;
    let w = t * t * (3.0 - 2.0 * t);
    at(n - first) + w * (at(n - end) - at(n - first))
}
