#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Packs what BUILD holds into OUT, and looks into the packages:
#
#     check_packages.sh BUILD OUT VERSION yes|no        the last: whether there is a desktop
#
# With FILFIL_PACKAGES_CHROOT=1 they are also installed into a bare Debian 12 (debootstrap, as root) and run there;
# FILFIL_PACKAGES_MIRROR names its mirror, by default that of this machine.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1 out=$2 version=$3 desktop=$4

wrong=0
complain() {
    printf 'WRONG: %s\n' "$*"
    wrong=1
}

# has PACKAGE PATH…: the package has these files
has() {
    local package=$1 path
    shift
    for path in "$@"; do
        dpkg-deb --contents "$package" | awk '{print $6}' | grep -qxF "./$path" || complain "$(basename "$package") has no $path"
    done
}

depends_of() { dpkg-deb --field "$1" Depends; }

rm -rf "$out"
mkdir -p "$out"
components=cli
[ "$desktop" = no ] || components="cli;desktop"
(cd "$build" && cpack -G DEB -B "$out" -D CPACK_COMPONENTS_ALL="$components") >"$out/cpack.log" 2>&1 || {
    cat "$out/cpack.log"
    exit 1
}
architecture=$(dpkg --print-architecture)
program=$out/fil-fil_${version}_$architecture.deb
window=$out/fil-fil-desktop_${version}_$architecture.deb

echo "The program's package"
[ -f "$program" ] || complain "there is no $program"
has "$program" usr/bin/fil-fil usr/lib/systemd/system/fil-fil.service usr/share/doc/fil-fil/copyright
for library in libc6 libssl3 libsqlite3-0 libzstd1; do
    depends_of "$program" | grep -q "$library" || complain "fil-fil does not depend on $library: dpkg-shlibdeps has not looked"
done
if depends_of "$program" | grep -qiE 'qt|libgl|libx11|libxcb'; then
    complain "fil-fil wants something of a desktop: $(depends_of "$program")"
fi
if dpkg-deb --contents "$program" | grep -E 'include/|\.a$|desktop'; then complain "fil-fil has what is not its own"; fi

unpacked=$out/unpacked
dpkg-deb --extract "$program" "$unpacked"
[ "$("$unpacked/usr/bin/fil-fil" --version)" = "$("$build/bin/fil-fil" --version)" ] || complain "the packed program says another version"
grep -q '^ExecStart=/usr/bin/fil-fil ' "$unpacked/usr/lib/systemd/system/fil-fil.service" || complain "the unit starts another program"
while IFS= read -r page; do
    [ -f "$unpacked$page" ] || complain "the unit points to $page, which is not packed"
done < <(sed -n 's|^Documentation=file://||p' "$unpacked/usr/lib/systemd/system/fil-fil.service")
if readelf --dynamic "$unpacked/usr/bin/fil-fil" | grep -qE 'RPATH|RUNPATH'; then complain "fil-fil looks for libraries in the build folder"; fi

if [ "$desktop" = yes ]; then
    echo "The desktop's package"
    [ -f "$window" ] || complain "there is no $window"
    has "$window" usr/bin/fil-fil-desktop usr/share/applications/fil-fil-desktop.desktop \
        usr/share/metainfo/fil-fil-desktop.metainfo.xml usr/share/icons/hicolor/scalable/apps/fil-fil.svg usr/share/doc/fil-fil-desktop/copyright
    for size in 16 24 32 48 64 128 256 512; do
        has "$window" "usr/share/icons/hicolor/${size}x${size}/apps/fil-fil.png"
        file "$source/resources/icons/png/fil-fil-$size.png" | grep -q "$size x $size" || complain "fil-fil-$size.png has another size"
    done
    for needed in libqt6core6 libqt6gui6 libqt6qml6 libqt6websockets6 "fil-fil (= $version)"; do
        depends_of "$window" | grep -qF "$needed" || complain "fil-fil-desktop does not depend on $needed"
    done
    # Whatever QML imports is a package of its own.
    grep -rhoE '^import +(Qt[A-Za-z0-9.]*)' "$source/gui/qml" | awk '{print $2}' | sort -u | while read -r module; do
        package=qml6-module-$(tr '[:upper:].' '[:lower:]-' <<<"$module")
        depends_of "$window" | grep -qE "$package(,|$| )" || echo "$module needs $package"
    done >"$out/imports.txt"
    [ ! -s "$out/imports.txt" ] || complain "fil-fil-desktop does not depend on what its QML imports: $(tr '\n' ';' <"$out/imports.txt")"
    dpkg-deb --extract "$window" "$unpacked"
    [ "$("$unpacked/usr/bin/fil-fil-desktop" --version)" = "fil-fil-desktop $version" ] || complain "fil-fil-desktop --version"
    entry=$unpacked/usr/share/applications/fil-fil-desktop.desktop
    metainfo=$unpacked/usr/share/metainfo/fil-fil-desktop.metainfo.xml
    [ -x "$unpacked/usr/bin/$(sed -n 's/^Exec=//p' "$entry")" ] || complain "the desktop entry starts nothing"
    grep -q "<launchable type=\"desktop-id\">$(basename "$entry")<" "$metainfo" || complain "the metainfo names another desktop entry"
    grep -q "<release version=\"$version\"" "$metainfo" || complain "the metainfo does not know version $version"
    if command -v desktop-file-validate >/dev/null; then desktop-file-validate "$entry" || complain "the desktop entry is not valid"; fi
    if command -v appstreamcli >/dev/null; then appstreamcli validate --no-net "$metainfo" || complain "the metainfo is not valid"; fi
fi

if [ "${FILFIL_PACKAGES_CHROOT:-}" != 1 ]; then
    echo "Not installed into a bare Debian: FILFIL_PACKAGES_CHROOT=1 asks for that"
    exit "$wrong"
fi
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "SKIPPED: installing into a bare Debian needs root and debootstrap"
    exit "$wrong"
fi

echo "A bare Debian 12"
# shellcheck disable=SC2016
mirror=${FILFIL_PACKAGES_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | head -n 1)}
bare=$out/bare
trap 'umount "$bare/proc" 2>/dev/null || true; rm -rf "$bare"' EXIT
debootstrap --variant=minbase bookworm "$bare" ${mirror:+"$mirror"} >"$out/debootstrap.log" 2>&1 || {
    tail -n 20 "$out/debootstrap.log"
    exit 1
}
# How this machine reaches its packages, it does too.
rm -rf "$bare/etc/apt"
cp -rL /etc/apt "$bare/etc/apt"
mount -t proc proc "$bare/proc"
cp "$out"/*.deb "$bare/root/"
inside() { chroot "$bare" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
inside apt-get update >"$out/apt.log" 2>&1
inside apt-get install --yes --no-install-recommends "/root/$(basename "$program")" >>"$out/apt.log" 2>&1 || complain "fil-fil cannot be installed: $(tail -n 3 "$out/apt.log")"
if inside dpkg-query --show | grep -qE '^(libqt6|libgl1|libx11)'; then complain "fil-fil brought something of a desktop"; fi
inside fil-fil --version || complain "fil-fil does not run"
inside fil-fil commp /usr/bin/fil-fil >"$out/there.txt" || complain "fil-fil does not hash"
"$build/bin/fil-fil" commp "$unpacked/usr/bin/fil-fil" >"$out/here.txt"
[ "$(grep -o 'baga[a-z0-9]*' "$out/there.txt")" = "$(grep -o 'baga[a-z0-9]*' "$out/here.txt")" ] || complain "fil-fil computes something else there"
if [ "$desktop" = yes ]; then
    inside apt-get install --yes --no-install-recommends "/root/$(basename "$window")" >>"$out/apt.log" 2>&1 ||
        complain "fil-fil-desktop cannot be installed: $(tail -n 3 "$out/apt.log")"
    inside timeout 60 env QT_QPA_PLATFORM=offscreen HOME=/root fil-fil-desktop --settings /root/window.ini --first-frame ||
        complain "fil-fil-desktop does not come to its first frame"
    inside apt-get remove --yes fil-fil-desktop fil-fil >>"$out/apt.log" 2>&1 || complain "they cannot be removed"
    [ ! -e "$bare/usr/bin/fil-fil" ] || complain "something was left"
fi
exit "$wrong"
