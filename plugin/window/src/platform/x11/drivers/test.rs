use super::*;

#[test]
fn drivers_are_known_by_their_names() {
    let maps = "\
55d0c0a00000-55d0c0a25000 r--p 00000000 08:01 1050   /opt/libGL tools/host
7f2a10000000-7f2a10021000 rw-p 00000000 00:00 0
7f2a11000000-7f2a11004000 r--p 00000000 08:01 2101   /usr/lib/x86_64-linux-gnu/libEGL.so.1.1.0
7f2a11004000-7f2a11010000 r-xp 00004000 08:01 2101   /usr/lib/x86_64-linux-gnu/libEGL.so.1.1.0
7f2a12000000-7f2a12040000 r--p 00000000 08:01 2102   /usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.550.54
7f2a13000000-7f2a14000000 r-xp 00000000 08:01 2103   /usr/lib/x86_64-linux-gnu/dri/swrast_dri.so
7f2a15000000-7f2a15200000 r-xp 00000000 08:01 2104   /usr/lib/x86_64-linux-gnu/libc.so.6
7ffd5e000000-7ffd5e021000 rw-p 00000000 00:00 0      [stack]
";
    let names: Vec<_> = drivers(maps).into_iter().map(|file| file.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["swrast_dri.so", "libEGL.so.1.1.0", "libGLX_nvidia.so.550.54"]);
}
