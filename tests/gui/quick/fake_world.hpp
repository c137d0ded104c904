// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <utility>

namespace filfil::gui::test {

/// What a page can meet. Full: something of everything. Empty: a daemon in sync with nothing done yet. Loading: answers
/// that do not come. Broken: each list is an error. Unset: no contract and no market.
enum class Mood { Full, Empty, Loading, Broken, Unset };

/// What a daemon answers, made up around the present so that "in 4 h" is always so. Deterministic but for the clock.
class FakeWorld {
public:
    struct Answer {
        QJsonObject result{};
        QJsonObject error{};
        bool silent = false;
        QList<std::pair<QString, QJsonObject>> events{};
    };

    explicit FakeWorld(Mood its_mood);

    [[nodiscard]] Answer answer(const QString& method, const QJsonObject& params, qint64 seq);

    Mood mood;
    int more_windows = 0;    ///< of other providers, for crowds
    int more_snapshots = 0;
    int log_lines = 160;
    bool alerts = true;    ///< where there is something of everything
    QString memoryState = QStringLiteral("ok");
    QString memorySentence;

private:
    [[nodiscard]] double at(double epoch) const;
    [[nodiscard]] QJsonObject status() const;
    [[nodiscard]] QJsonArray snapshots() const;
    [[nodiscard]] QJsonObject snapshot(int id) const;
    [[nodiscard]] QJsonArray jobs() const;
    [[nodiscard]] QJsonObject snapshot_job() const;
    [[nodiscard]] QJsonObject slot_times(int slot) const;
    [[nodiscard]] QJsonArray windows(const QString& of) const;    ///< of the own providers where it is empty
    [[nodiscard]] QJsonArray staged_slots() const;
    [[nodiscard]] QJsonArray contract_events(const QString& name) const;
    [[nodiscard]] QJsonArray deals() const;
    [[nodiscard]] QJsonObject deal(int id) const;
    [[nodiscard]] QJsonArray payouts() const;
    [[nodiscard]] QJsonObject claim_result(bool dry) const;
    [[nodiscard]] QJsonArray devices(bool timed) const;
    [[nodiscard]] QJsonObject preflight() const;
    [[nodiscard]] QJsonArray settings() const;
    [[nodiscard]] QJsonArray log(const QJsonObject& params) const;
    [[nodiscard]] QJsonObject contract() const;
    [[nodiscard]] static bool is_list(const QString& method);

    double m_now;
    int m_next_job = 40;
};

/// A piece CID that looks like one.
QString made_cid(int seed, bool second = false);

}    // namespace filfil::gui::test
