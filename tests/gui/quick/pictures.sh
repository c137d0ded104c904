#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# pictures.sh BUILD: makes the pictures of docs/desktop.md anew, with the desktop_pictures of that build folder. Needs
# xvfb-run and ImageMagick.
set -euo pipefail

[ $# -eq 1 ] || {
    echo "pictures.sh BUILD: the folder of a build that has bin/desktop_pictures" >&2
    exit 2
}
program=$(find "$1" -name desktop_pictures -type f -perm -u+x | head -n 1)
[ -n "$program" ] || {
    echo "pictures.sh: there is no desktop_pictures in $1; build it first" >&2
    exit 2
}
place=$(cd "$(dirname "$0")/../../.." && pwd)/docs/pictures
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

# make NAME PIXELS POINTS SCALE: all pictures into $room/NAME
make() {
    QT_QPA_PLATFORM=xcb QT_QUICK_BACKEND=software QT_SCALE_FACTOR=$4 FILFIL_PICTURE_SIZE=$3 LC_ALL=C.UTF-8 \
        xvfb-run -a -s "-screen 0 ${2}x24" "$program" "$room/$1"
}
make small 1280x800 1280x800 1
make large 3840x2160 1920x1080 2

rm -rf "$place"
mkdir -p "$place"

# shrink FROM TO COLOURS: a file with a palette, without dithering, which would show in plain areas
shrink() {
    convert "$1" -strip -dither None -colors "$3" -define png:compression-level=9 "PNG8:$2"
}
for picture in "$room"/small/*.png; do
    shrink "$picture" "$place/$(basename "$picture")" 128
done

# A sheet a page of what a 4K screen shows, at a third of its size.
for picture in "$room"/large/*.png; do
    convert "$picture" -resize 33.34% "$picture"
done
for page in overview calendar snapshots deals payouts verifier devices log settings sheet wizard; do
    montage "$room/large/$page"-*.png -tile 4x -geometry +8+8 -background '#808080' "$room/$page.png"
    shrink "$room/$page.png" "$place/4k-$page.png" 160
done
du -sh "$place"
