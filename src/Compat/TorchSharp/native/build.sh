#!/bin/sh
# Compiles the shim: build.sh OUTPUT.so [LIBTORCH]
# LIBTORCH is a libtorch or the torch folder of a PyTorch wheel (include/ and lib/); without it the system's libtorch is used.
set -eu
out=$1
root=${2:-}
src=$(cd "$(dirname "$0")" && pwd)
cxx=${CXX:-g++}
need() { echo "libtorch shim : error TORCH1: $1" >&2; exit 1; }

command -v "$cxx" >/dev/null 2>&1 || need "no C++ compiler ('$cxx'): apt-get install g++"
abi=
if [ -n "$root" ]; then
    include=$root/include
    lib=$root/lib
    [ -f "$include/torch/csrc/api/include/torch/types.h" ] || need "LIBTORCH is '$root', but '$include/torch/csrc/api/include/torch/types.h' does not exist; give the folder that holds include/ and lib/"
    # Wheels before 2.6 were built with the old string ABI and say so in their CMake file.
    abi=$(grep -oh 'D_GLIBCXX_USE_CXX11_ABI=[01]' "$root/share/cmake/Torch/TorchConfig.cmake" 2>/dev/null | head -1 || true)
else
    include=/usr/include
    lib=$(dirname "$(ls /usr/lib/*/libtorch_cpu.so /usr/lib/libtorch_cpu.so 2>/dev/null | head -1)")
    [ -f "$include/torch/csrc/api/include/torch/types.h" ] && [ -e "$lib/libtorch_cpu.so" ] || need "libtorch is not installed: apt-get install libtorch-dev libopenblas0-openmp g++ (or set LIBTORCH to a libtorch folder)"
fi
cuda=
if [ -e "$lib/libtorch_cuda.so" ]; then cuda="-ltorch_cuda -lc10_cuda"; fi

mkdir -p "$(dirname "$out")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cxx" -std=c++17 -O3 -fno-math-errno -fno-trapping-math -fPIC -fvisibility=hidden -c "$src/adam.cpp" -o "$work/adam.o"
pids=
for unit in tensor learning autograd; do
    "$cxx" -std="${CXXSTD:-c++17}" -O2 -fPIC -fvisibility=hidden -w ${abi:+-$abi} \
        -I"$include" -I"$include/torch/csrc/api/include" -c "$src/$unit.cpp" -o "$work/$unit.o" &
    pids="$pids $!"
done
failed=
for pid in $pids; do wait "$pid" || failed=1; done
[ -z "$failed" ] || need "the libtorch shim does not compile (see above)"
# shellcheck disable=SC2086
"$cxx" -shared -o "$work/shim.so" "$work/tensor.o" "$work/learning.o" "$work/autograd.o" "$work/adam.o" \
    -L"$lib" -Wl,-rpath,"$lib" -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10 $cuda
# A rename is atomic: two builds at once cannot leave half a library.
mv "$work/shim.so" "$out.$$"
mv "$out.$$" "$out"
