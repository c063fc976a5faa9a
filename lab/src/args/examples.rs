//! Worked examples under the help of each command.

/// Under `inlay --help`.
pub const ALL: &str = "\
Examples:
  inlay generate dusty boom bap drums --bars 4 --bpm 92 -o beat.wav
  inlay inpaint beat.wav snare roll --region 4
  inlay vary beat.wav --amount 0.5 --variations 4
  inlay retime beat.wav --bpm 110
  inlay info beat.wav

`inlay COMMAND --help` shows the flags of a command and more examples.
Exit code: 0 done, 1 failed, 2 used wrongly, 130 stopped by Ctrl-C.";

/// Under `inlay generate --help`.
pub const GENERATE: &str = "\
Examples:
  Four bars of drums, and a picture of them:
    inlay generate dusty boom bap drums --bars 4 --bpm 92 -o beat.wav --picture beat.png
  Chords in a key of your own, eight bars, at 48 kHz:
    inlay generate \"warm rhodes chords\" --key Am --chords \"Am | F | C G | Em\" --bars 8 --rate 48k
  Three takes to choose from, quickly (beat_v1.wav, beat_v2.wav, beat_v3.wav):
    inlay generate \"liquid drum and bass, 174 bpm\" --variations 3 --draft -o beat.wav
  Half-time feel, without what you don't want:
    inlay generate \"heavy dubstep drums\" --bpm 140 --feel half --negative \"cymbals\"
  Many prompts, into the folder loops:
    inlay generate --batch prompts.txt -o loops/
  where prompts.txt has one prompt a line, with flags of its own after \" --\":
    # drums
    dusty boom bap drums --bpm 92 --seed 7
    warm rhodes chords --key Am --bars 8";

/// Under `inlay inpaint --help`.
pub const INPAINT: &str = "\
Examples:
  Bar 3 anew, all else stays bit for bit:
    inlay inpaint beat.wav --region 3
  Bars 3 to 4 with other words:
    inlay inpaint beat.wav snare roll --region 3-4 -o roll.wav
  Two places in one go: bar 2 from beat 2 up to beat 4, and across the seam:
    inlay inpaint beat.wav --region 2.2-2.4 --region 4-1
  A part of any file, at its own rate, width and tempo:
    inlay inpaint guitar.flac \"clean electric guitar\" --region 2 --bpm 98";

/// Under `inlay vary --help`.
pub const VARY: &str = "\
Examples:
  Four variations, half way between the loop and something new:
    inlay vary beat.wav --amount 0.5 --variations 4
  A close one, with other words:
    inlay vary beat.wav --amount 0.25 \"dusty boom bap drums with shaker\"";

/// Under `inlay transform --help`.
pub const TRANSFORM: &str = "\
Examples:
  Beatboxing to drums, tempo detected:
    inlay transform beatbox.wav punchy house drums
  Two bars of a file whose tempo you know, further away from it:
    inlay transform hum.flac \"warm synth lead\" --bpm 100 --bars 2 --amount 0.8";

/// Under `inlay retime --help`.
pub const RETIME: &str = "\
Examples:
  inlay retime beat.wav --bpm 110
  inlay retime guitar.flac --from-bpm 98 --bpm 104 -o guitar104.flac";

/// Under `inlay info --help`.
pub const INFO: &str = "\
Examples:
  inlay info beat.wav
  inlay info --json *.wav
  inlay info guitar.flac --picture guitar.png
  inlay info";

/// Under `inlay models --help`.
pub const MODELS: &str = "\
Examples:
  inlay models
  INLAY_MODELS=/data/models inlay models --json
  inlay generate --model stable-audio-3-small-music dusty boom bap drums --bpm 92";

/// Under `inlay bench --help`.
pub const BENCH: &str = "\
Examples:
  inlay bench
  inlay bench --model sa3-small --random --bars 4 --runs 1
  inlay bench --bars 8 --bpm 92 --draft --runs 10 --threads 1 --json";

/// Under `inlay completions --help`.
pub const COMPLETIONS: &str = "\
Examples:
  inlay completions bash > ~/.local/share/bash-completion/completions/inlay
  inlay completions zsh > ~/.zfunc/_inlay
  inlay completions fish > ~/.config/fish/completions/inlay.fish
  inlay completions powershell >> $PROFILE";
