// SPDX-License-Identifier: Apache-2.0 OR MIT
// Prints the piece CID (version 1) of 1,000,000 bytes, of which byte i is i·i mod 251.
#include <commp/commp.hpp>

#include <cstddef>
#include <cstdio>

int main() {
    filfil::SystemClock clock;
    filfil::ThreadPool pool(2);
    filfil::Bytes payload(1'000'000);
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::byte>(i * i % 251);

    const auto backend = filfil::commp::make_cpu_backend("", pool, clock);
    if (!backend.ok()) return 1;
    filfil::commp::PieceStream stream(**backend);
    if (!stream.write(payload).ok()) return 1;
    const auto piece = stream.finish();
    if (!piece.ok()) return 1;
    std::printf("%s\n", filfil::commp::piece_cid_v1(*piece).text().c_str());
    return 0;
}
