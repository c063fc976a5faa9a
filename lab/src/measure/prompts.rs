//! What is asked for.

use super::maker::Ask;

/// Twenty-four loops of all roles: words, bars and tempo.
pub const LOOPS: [(&str, u32, f64); 24] = [
    ("dusty boom bap drums", 4, 92.0),
    ("house drums with punchy kick", 2, 124.0),
    ("techno drums with hard kick", 1, 132.0),
    ("trap drums with 808 kick", 2, 140.0),
    ("drum and bass drums", 4, 174.0),
    ("only hi-hats", 1, 110.0),
    ("reggaeton drums with snap", 2, 95.0),
    ("deep 808 sub bass in F minor", 2, 70.0),
    ("groovy slap bass in E minor", 4, 104.0),
    ("acid bass, driving sixteenth, in A minor", 1, 130.0),
    ("reese bass, long note, in D minor", 2, 172.0),
    ("warm rhodes electric piano chords in C minor", 4, 85.0),
    ("offbeat stab house piano chords in G major", 2, 122.0),
    ("held organ chords in D dorian", 1, 100.0),
    ("warm pad in A minor", 4, 80.0),
    ("string ensemble pad in Eb major", 2, 90.0),
    ("dark choir pad in C phrygian", 1, 74.0),
    ("melodic flute lead in G minor", 2, 96.0),
    ("busy saw lead in F# minor", 4, 128.0),
    ("rising harp arp in C major", 2, 112.0),
    ("pluck arp, sixteenth, in B minor", 1, 138.0),
    ("full loop house with drums, bass and chords in A minor", 4, 124.0),
    ("full loop lo-fi hip hop with drums, bass and piano in D minor", 2, 78.0),
    ("full loop disco with drums, bass and arp in E minor", 2, 118.0),
];

/// The loop with a number, as it is asked for.
pub fn asked(index: usize) -> Ask<'static> {
    let (prompt, bars, bpm) = LOOPS[index % LOOPS.len()];
    Ask { bars, seed: 100 + index as u64, ..Ask::new(prompt, bpm) }
}

/// Words that mean a kick on every beat.
pub const FOUR_ON_THE_FLOOR: [&str; 4] =
    ["house drums with punchy kick", "techno four on the floor drums", "disco drums with deep kick", "minimal drums with punchy kick"];
