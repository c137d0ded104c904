// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "check/check.hpp"
#include "commp/cpu_backend.hpp"
#include "fake_runtime.hpp"
#include "gpu/provider.hpp"

namespace filfil::test {

/// What the checks of a card need, over a machine of the tests.
class FakeCheck {
public:
    explicit FakeCheck(FakeMachine& machine)
        : m_runtime(machine.runtime()),
          m_kernel(*commp::choose_kernel("", m_clock)->kernel),
          m_cpu(*commp::make_cpu_backend(m_kernel.name, m_inline, m_clock)),
          m_provider(gpu::make_gpu_provider(machine.runtime(), machine.clock(),
                                            [](unsigned threads) { return std::make_unique<ThreadPool>(threads); })) {}

    [[nodiscard]] check::Context context(check::Extent extent = check::Extent::small) const {
        return {*m_runtime, *m_provider, 0, m_clock, m_kernel, *m_cpu, 2, extent, 1};
    }

private:
    SystemClock m_clock;
    InlineExecutor m_inline;
    std::unique_ptr<gpu::Runtime> m_runtime;
    const commp::Kernel& m_kernel;
    std::unique_ptr<commp::Backend> m_cpu;
    std::unique_ptr<commp::GpuProvider> m_provider;
};

}    // namespace filfil::test
