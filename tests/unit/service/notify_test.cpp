// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/notify.hpp"
#include "../base/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;

/// Stands where systemd does.
class Manager {
public:
    explicit Manager(const std::string& name) : m_fd(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name[0] == '@') address.sun_path[0] = '\0';
        const auto size =
            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '@' ? 0 : 1));
        bound = ::bind(m_fd, reinterpret_cast<const sockaddr*>(&address), size) == 0;
    }
    ~Manager() { ::close(m_fd); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    std::string receive() {
        std::array<char, 4096> text{};
        const ssize_t size = ::recv(m_fd, text.data(), text.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
    }
    bool bound = false;

private:
    int m_fd;
};

TEST(Notify, TellsASocketThatHasAPath) {
    const ScratchFolder folder;
    Manager manager(folder / "notify");
    ASSERT_TRUE(manager.bound);
    const auto notifier = open_notifier(folder / "notify");
    ASSERT_TRUE(notifier.ok()) << notifier.error().text();
    (*notifier)->notify("READY=1\nSTATUS=synced");
    (*notifier)->notify("WATCHDOG=1");
    EXPECT_EQ(manager.receive(), "READY=1\nSTATUS=synced");
    EXPECT_EQ(manager.receive(), "WATCHDOG=1");
    EXPECT_EQ(manager.receive(), "nothing");
}

TEST(Notify, TellsASocketInAbstractSpace) {
    const std::string name = "@filfil-notify-test-" + std::to_string(::getpid());
    Manager manager(name);
    ASSERT_TRUE(manager.bound);
    const auto notifier = open_notifier(name);
    ASSERT_TRUE(notifier.ok()) << notifier.error().text();
    (*notifier)->notify("STOPPING=1");
    EXPECT_EQ(manager.receive(), "STOPPING=1");
}

TEST(Notify, NobodyThereIsNoHarm) {
    const auto none = open_notifier("");
    ASSERT_TRUE(none.ok());
    (*none)->notify("READY=1");
    const ScratchFolder folder;
    const auto gone = open_notifier(folder / "nobody");
    ASSERT_TRUE(gone.ok());
    (*gone)->notify("READY=1");
}

TEST(Notify, WaitsForNobodyWhoDoesNotRead) {
    const ScratchFolder folder;
    Manager manager(folder / "notify");
    const auto notifier = open_notifier(folder / "notify");
    ASSERT_TRUE(notifier.ok());
    for (int i = 0; i < 5000; ++i) (*notifier)->notify("WATCHDOG=1");
    EXPECT_EQ(manager.receive(), "WATCHDOG=1");
}

TEST(Notify, NamesThatAreNoneAreRefused) {
    for (const std::string& name : {std::string("relative"), std::string("/"), std::string("@"),
                                    std::string("vsock:2:1234"), "/" + std::string(200, 'x'), std::string("/a\0b", 4)})
        EXPECT_EQ(open_notifier(name).error().code, ErrorCode::invalid_argument) << name;
}

TEST(Notify, TheWatchdogIsFedTwiceAPeriod) {
    EXPECT_EQ(watchdog_period("30000000", "", 5), 15s);
    EXPECT_EQ(watchdog_period("30000000", "5", 5), 15s);
    EXPECT_FALSE(watchdog_period("30000000", "6", 5));
    EXPECT_FALSE(watchdog_period("30000000", "x", 5));
    for (const std::string_view text : {"", "0", "-5", "x", "5x", "99999999999999999999", "9223372036854775807"})
        EXPECT_FALSE(watchdog_period(text, "", 5)) << text;
}

}    // namespace
}    // namespace filfil::service
