// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/cuda_runtime.hpp"

#include "base/units.hpp"
#include "gpu/launch.hpp"

#include <sys/prctl.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace filfil::gpu {
namespace {

/// A submission takes about a third of a millisecond, most of it the copy: so this is late by little.
constexpr auto poll_interval = std::chrono::microseconds(20);

/// Lets sleeps of this thread end when they should: by default Linux adds 50 microseconds (prctl(2),
/// PR_SET_TIMERSLACK).
void sleep_precisely() noexcept { static_cast<void>(prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL)); }

std::string version_text(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// "cudaErrorLaunchFailure: unspecified launch failure"
std::string text_of(cudaError_t status) {
    return std::string(cudaGetErrorName(status)) + ": " + cudaGetErrorString(status);
}

Error failure(unsigned card, std::string_view what, cudaError_t status) {
    // So that the next call does not report it as its own; an error that has broken the card stays anyway.
    static_cast<void>(cudaGetLastError());
    const std::string message = card_name(card) + ": " + std::string(what) + " failed (" + text_of(status) + ")";
    if (status == cudaErrorMemoryAllocation)
        return {ErrorCode::too_large, message,
                "end what else uses the card (`nvidia-smi` lists it), or choose another device"};
    if (status == cudaErrorDevicesUnavailable)
        return {ErrorCode::device, message,
                "another process has the card for itself: wait for it, or choose another device"};
    if (status == cudaErrorNoKernelImageForDevice || status == cudaErrorUnsupportedPtxVersion)
        return {ErrorCode::unsupported, message,
                "this fil-fil was not built for this card: build it where the card is"};
    return {ErrorCode::device, message, "look at `nvidia-smi` and the kernel's log for the card's state"};
}

/// Why there is no card.
Error no_card(cudaError_t status, int driver, int runtime) {
    static_cast<void>(cudaGetLastError());
    const std::string needs = "this fil-fil needs one for CUDA " + version_text(runtime);
    if (status == cudaErrorStubLibrary)
        return {
            ErrorCode::unsupported,
            "a stub stands in for the NVIDIA driver's library (libcuda.so.1): a folder of stubs is on the library path",
            "take the folder out of LD_LIBRARY_PATH"};
    if (status == cudaErrorInsufficientDriver && driver == 0)
        return {ErrorCode::unsupported, "no NVIDIA driver is installed; " + needs + " or newer",
                "install NVIDIA's driver, or use --device cpu"};
    if (status == cudaErrorInsufficientDriver)
        return {
            ErrorCode::unsupported,
            "the NVIDIA driver is too old: it is one for CUDA " + version_text(driver) + ", and " + needs + " or newer",
            "update NVIDIA's driver, or use --device cpu"};
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the program changes its environment
    if (const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
        status == cudaErrorNoDevice && visible != nullptr)
        return {ErrorCode::not_found,
                "the NVIDIA driver shows no card: CUDA_VISIBLE_DEVICES is '" + std::string(visible) +
                    "', which may hide what there is",
                "unset CUDA_VISIBLE_DEVICES, or use --device cpu"};
    if (status == cudaErrorNoDevice)
        return {ErrorCode::not_found, "the NVIDIA driver shows no card", "look at `nvidia-smi`, or use --device cpu"};
    return {ErrorCode::device, "the NVIDIA driver does not start (" + text_of(status) + ")",
            "look at `nvidia-smi`, or use --device cpu"};
}

/// Set when a card does not answer: from then on nothing is given back, since that would wait for it.
using Hanging = std::shared_ptr<std::atomic<bool>>;

class CudaQueue final : public Queue {
public:
    CudaQueue(unsigned card, cudaStream_t stream, Hanging hanging)
        : m_card(card), m_stream(stream), m_hanging(std::move(hanging)) {}

    ~CudaQueue() override {
        if (m_stream == nullptr || *m_hanging) return;
        static_cast<void>(select());
        // A card that has failed says so once more here; there is nobody left to tell.
        for (void* const memory : m_memory) static_cast<void>(cudaFree(memory));
        static_cast<void>(cudaStreamDestroy(m_stream));
        static_cast<void>(cudaGetLastError());
    }
    CudaQueue(const CudaQueue&) = delete;
    CudaQueue& operator=(const CudaQueue&) = delete;

    [[nodiscard]] Result<void*> allocate(std::size_t bytes) override {
        void* memory = nullptr;
        FILFIL_CHECK(told("allocating " + format_size(bytes), [&] { return cudaMalloc(&memory, bytes); }));
        m_memory.push_back(memory);
        return memory;
    }

    [[nodiscard]] Result<void> copy_in(void* card, const void* host, std::size_t bytes) override {
        return told("copying to the card",
                    [&] { return cudaMemcpyAsync(card, host, bytes, cudaMemcpyHostToDevice, m_stream); });
    }
    [[nodiscard]] Result<void> copy_out(void* host, const void* card, std::size_t bytes) override {
        return told("copying from the card",
                    [&] { return cudaMemcpyAsync(host, card, bytes, cudaMemcpyDeviceToHost, m_stream); });
    }

    [[nodiscard]] Result<void> make_tiles(TileVariant variant, const TileStep& step) override {
        return told("starting the tile kernel", [&] { return launch_tiles(m_stream, variant, step); });
    }
    [[nodiscard]] Result<void> make_quads(const LevelStep& step) override {
        return told("starting the quad kernel", [&] { return launch_quads(m_stream, step); });
    }
    [[nodiscard]] Result<void> make_parents(std::span<const LevelStep> steps) override {
        return told("starting the parent kernel", [&] { return launch_parents(m_stream, steps); });
    }

    [[nodiscard]] Result<bool> wait(Clock::Duration most) override {
        const auto end = std::chrono::steady_clock::now() + most;
        sleep_precisely();
        for (;;) {
            const cudaError_t status = cudaStreamQuery(m_stream);
            if (status == cudaSuccess) return true;
            if (status != cudaErrorNotReady) return failure(m_card, "hashing", status);
            if (std::chrono::steady_clock::now() >= end) return false;
            std::this_thread::sleep_for(poll_interval);
        }
    }

    void abandon() noexcept override {
        *m_hanging = true;
        m_stream = nullptr;
    }

private:
    [[nodiscard]] cudaError_t select() const noexcept { return cudaSetDevice(static_cast<int>(m_card)); }

    template <class Call>
    Result<void> told(std::string_view what, const Call& call) {
        cudaError_t status = select();
        if (status == cudaSuccess) status = call();
        if (status != cudaSuccess) return failure(m_card, what, status);
        return {};
    }

    unsigned m_card;
    cudaStream_t m_stream;
    Hanging m_hanging;
    std::vector<void*> m_memory;
};

class CudaRuntime final : public Runtime {
public:
    [[nodiscard]] Result<std::vector<CardFacts>> cards() override {
        int driver = 0;
        int runtime = 0;
        static_cast<void>(cudaDriverGetVersion(&driver));
        static_cast<void>(cudaRuntimeGetVersion(&runtime));
        int count = 0;
        if (const cudaError_t status = cudaGetDeviceCount(&count); status != cudaSuccess || count == 0)
            return no_card(status == cudaSuccess ? cudaErrorNoDevice : status, driver, runtime);
        std::vector<CardFacts> cards;
        for (int i = 0; i < count; ++i) {
            cudaDeviceProp properties{};
            const auto number = static_cast<unsigned>(i);
            if (const cudaError_t status = cudaGetDeviceProperties(&properties, i); status != cudaSuccess)
                return failure(number, "asking what the card is", status);
            cards.push_back({number, properties.name, static_cast<unsigned>(properties.major),
                             static_cast<unsigned>(properties.minor),
                             static_cast<unsigned>(properties.multiProcessorCount), properties.totalGlobalMem,
                             version_text(driver)});
        }
        return cards;
    }

    [[nodiscard]] Result<std::uint64_t> free_memory(unsigned card) override {
        std::size_t free = 0;
        std::size_t total = 0;
        cudaError_t status = cudaSetDevice(static_cast<int>(card));
        if (status == cudaSuccess) status = cudaMemGetInfo(&free, &total);
        if (status != cudaSuccess) return failure(card, "starting the card", status);
        return std::uint64_t{free};
    }

    [[nodiscard]] Result<std::unique_ptr<Queue>> open_queue(unsigned card) override {
        cudaStream_t stream = nullptr;
        cudaError_t status = cudaSetDevice(static_cast<int>(card));
        if (status == cudaSuccess) status = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
        if (status != cudaSuccess) return failure(card, "starting the card", status);
        return std::unique_ptr<Queue>(std::make_unique<CudaQueue>(card, stream, m_hanging));
    }

    [[nodiscard]] Result<void*> allocate_pinned(unsigned card, std::size_t bytes) override {
        if (*m_hanging) return Error(ErrorCode::device, "no pinned memory can be had while a card gives no answer");
        void* memory = nullptr;
        // Without this it would be the first card's, and start that one only for it.
        cudaError_t status = cudaSetDevice(static_cast<int>(card));
        if (status == cudaSuccess) status = cudaHostAlloc(&memory, bytes, cudaHostAllocPortable);
        if (status != cudaSuccess) {
            static_cast<void>(cudaGetLastError());
            return Error(ErrorCode::too_large,
                         "no pinned memory of " + format_size(bytes) + " can be had (" + text_of(status) + ")",
                         "free some memory");
        }
        return memory;
    }

    void free_pinned(void* memory) noexcept override {
        if (*m_hanging) return;
        static_cast<void>(cudaFreeHost(memory));
        static_cast<void>(cudaGetLastError());
    }

private:
    Hanging m_hanging = std::make_shared<std::atomic<bool>>(false);
};

}    // namespace

std::unique_ptr<Runtime> make_cuda_runtime() { return std::make_unique<CudaRuntime>(); }

}    // namespace filfil::gpu
