#!/usr/bin/env bash
# Installs what the build needs and is missing (Debian 12 packages), and checks the Swift toolchain.
# Says nothing and changes nothing when all is there. `bootstrap.sh test` adds what the tests need, `bootstrap.sh bench`
# what measuring needs.
set -euo pipefail

build_packages=(
    libopencv-dev libnice-dev libsrtp2-dev libusrsctp-dev libvpx-dev libaom-dev libopus-dev libavcodec-dev
    libyuv-dev libasound2-dev libssl-dev libwebrtc-audio-processing-dev zlib1g-dev pkg-config fonts-noto-cjk
    fonts-noto-color-emoji
)
test_packages=(
    xvfb xdotool imagemagick coturn pulseaudio libasound2-plugins ffmpeg openssl python3 python3-venv iproute2 procps
)
bench_packages=(espeak-ng gcc python3-dev nftables)

packages=("${build_packages[@]}")
[[ "${1:-}" == test || "${1:-}" == bench ]] && packages+=("${test_packages[@]}")
[[ "${1:-}" == bench ]] && packages+=("${bench_packages[@]}")

if ! command -v swift >/dev/null; then
    echo "bootstrap: no Swift toolchain found; install Swift 6.2 or newer from swift.org and put it in PATH." >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

echo "bootstrap: installing ${missing[*]}" >&2
as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || {
        echo "bootstrap: run as root, or install these packages yourself: ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
