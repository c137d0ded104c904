// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/piece_check.hpp"
#include "gui/model/record_model.hpp"

#include <QTimer>
#include <QUrl>
#include <QVariantList>

#include <functional>
#include <memory>
#include <thread>

namespace filfil::commp {
class GpuProvider;
}

namespace filfil::gui {

class Format;
class VerifierRun;

/// Hashes a local file into its piece commitment, in threads of its own, and says whether it is the piece it should be
/// and, where not, why. Needs no daemon. GUI thread only.
class Verifier : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.verifier")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(bool running READ running NOTIFY changed)
    Q_PROPERTY(QString path READ path NOTIFY changed)
    Q_PROPERTY(QString fileName READ fileName NOTIFY changed)
    Q_PROPERTY(double size READ size NOTIFY changed)    ///< bytes; −1: not known
    /// What is done now: "hashing", "looking for the difference".
    Q_PROPERTY(QString stage READ stage NOTIFY changed)
    Q_PROPERTY(double doneBytes READ doneBytes NOTIFY progressed)
    Q_PROPERTY(double progress READ progress NOTIFY progressed)                ///< 0 to 1; −1: the size is not known
    Q_PROPERTY(double rate READ rate NOTIFY progressed)                        ///< bytes a second; −1: estimating
    Q_PROPERTY(double secondsLeft READ secondsLeft NOTIFY progressed)          ///< −1: estimating
    Q_PROPERTY(double seconds READ seconds NOTIFY progressed)                  ///< since it began
    Q_PROPERTY(QVariantList rateHistory READ rateHistory NOTIFY progressed)    ///< bytes a second, two a second
    Q_PROPERTY(QString device READ device NOTIFY changed)

    /// The CID that is expected, as typed; may be "".
    Q_PROPERTY(QString expected READ expected WRITE setExpected NOTIFY expectedChanged)
    Q_PROPERTY(bool expectedValid READ expectedValid NOTIFY expectedChanged)           ///< or ""
    Q_PROPERTY(QString expectedProblem READ expectedProblem NOTIFY expectedChanged)    ///< what is wrong with it, or ""
    Q_PROPERTY(
        QString expectedSays READ expectedSays NOTIFY expectedChanged)    ///< "version 2: 34.0 GB in a piece of 64 GiB"

    /// commp's fields (payload_size padded_size height piece_cid piece_cid_v2 device seconds payload_gib_per_s) and,
    /// where a CID was expected, expected, match (bool), diagnosis; `staged` where the daemon knows the piece ({slot
    /// epoch miner sentence}); `sentence`.
    Q_PROPERTY(QVariant result READ result NOTIFY changed)
    Q_PROPERTY(QString error READ error NOTIFY changed)
    Q_PROPERTY(QString remedy READ remedy NOTIFY changed)
    Q_PROPERTY(filfil::gui::RecordModel* history READ history
                   CONSTANT)    ///< time file_name path payload_size piece_cid verdict rate
    /// [{name, title, description, supported}]: "auto" and instruction sets and cards of this machine.
    Q_PROPERTY(QVariantList backends READ backends NOTIFY backendsChanged)
    Q_PROPERTY(QString backend READ backend WRITE setBackend NOTIFY backendsChanged)

public:
    enum State { Idle, Hashing, Diagnosing, Done, Failed, Cancelled };
    Q_ENUM(State)

    /// A piece that was staged, for `result.staged`: finds it by its root (64 hex digits), of which there are several
    /// for a piece: one for each size that it may be padded to. An empty object where it is none.
    using FindStaged = std::function<QJsonObject(const QStringList& roots)>;

    /// @param historyFile a JSON file; "": nothing is kept
    Verifier(Format& format, const QString& historyFile, QObject* parent = nullptr);
    ~Verifier() override;    ///< stops what runs and waits for it

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool running() const { return m_state == Hashing || m_state == Diagnosing; }
    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] QString fileName() const;
    [[nodiscard]] double size() const { return m_size; }
    [[nodiscard]] QString stage() const;
    [[nodiscard]] double doneBytes() const { return m_done; }
    [[nodiscard]] double progress() const;
    [[nodiscard]] double rate() const { return m_rate; }
    [[nodiscard]] double secondsLeft() const;
    [[nodiscard]] double seconds() const;
    [[nodiscard]] QVariantList rateHistory() const { return m_rates; }
    [[nodiscard]] QString device() const { return m_device; }
    [[nodiscard]] QString expected() const { return m_expected; }
    void setExpected(const QString& text);
    [[nodiscard]] bool expectedValid() const { return m_expectedProblem.isEmpty(); }
    [[nodiscard]] QString expectedProblem() const { return m_expectedProblem; }
    [[nodiscard]] QString expectedSays() const { return m_expectedSays; }
    [[nodiscard]] QJsonObject result() const { return m_result; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QString remedy() const { return m_remedy; }
    [[nodiscard]] RecordModel* history() const { return m_history; }
    [[nodiscard]] QVariantList backends() const;
    [[nodiscard]] QString backend() const { return m_backend; }
    void setBackend(const QString& name);

    /// Begins with a file; one that runs is cancelled. A folder, or what cannot be read, fails in words.
    Q_INVOKABLE void start(const QUrl& file);
    Q_INVOKABLE void startPath(const QString& path);
    Q_INVOKABLE void again();    ///< the same file
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void clearHistory();

    /// What a text is: {valid, problem, version, payload_size, padded_size, piece_cid, says}.
    Q_INVOKABLE QVariantMap checkCid(const QString& text) const;

    void setFindStaged(FindStaged find) { m_findStaged = std::move(find); }

    /// What finds out why a file is not its piece; without it only what the sizes say is told. Called in another
    /// thread.
    void setDiagnose(Diagnose diagnose) { m_diagnose = std::move(diagnose); }

    /// The cards of this machine; must outlive this. `backends` names them once they have been looked at, in a thread
    /// of its own, and one can be used. To be called once.
    void setGpu(commp::GpuProvider& gpu);

signals:
    void changed();
    void progressed();
    void expectedChanged();
    void backendsChanged();
    void finished();

private:
    void begin(const QString& path);
    void tick();
    void onEnd(quint64 number);
    void fail(const QString& error, const QString& remedy);
    void conclude();
    void addToHistory(const QString& verdict);
    void readHistory();
    void writeHistory() const;

    Format& m_format;
    State m_state = Idle;
    QString m_path;
    double m_size = -1;
    double m_done = 0;
    double m_rate = -1;
    QVariantList m_rates;
    QString m_device;
    QString m_expected;
    QString m_expectedProblem;
    QString m_expectedSays;
    QJsonObject m_result;
    QString m_error;
    QString m_remedy;
    RecordModel* m_history;
    QString m_historyFile;
    QString m_backend = QStringLiteral("auto");
    FindStaged m_findStaged;
    Diagnose m_diagnose;
    commp::GpuProvider* m_gpu = nullptr;
    bool m_hasCard = false;
    std::jthread m_probe;
    std::unique_ptr<VerifierRun> m_run;
    quint64 m_number = 0;    ///< of the run: what is told by an earlier one is not looked at
    QTimer m_tick;
    qint64 m_startedAt = 0;    ///< milliseconds of the steady clock
    qint64 m_endedAt = 0;
    qint64 m_sampledAt = 0;
    double m_sampled = 0;
};

}    // namespace filfil::gui
