// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/verifier.hpp"
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/gpu_provider.hpp"
#include "gui/model/format.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>
#include <memory>
#include <utility>
#include <vector>

namespace filfil::gui::test {
namespace {

constexpr int patience = 60'000;

/// A vector of tests/vectors/commp.json whose payload is zeros.
QJsonObject zeroVector() {
    QFile file(QStringLiteral(FILFIL_SOURCE_DIR "/tests/vectors/commp.json"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    for (const QJsonValue& vector :
         QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("vectors")).toArray()) {
        const QJsonObject one = vector.toObject();
        if (one.value(QLatin1String("gen")).toString() == QLatin1String("zeros") &&
            one.value(QLatin1String("len")).toInteger() > 1000)
            return one;
    }
    return {};
}

/// The CPU in a card's clothes.
class PaperCard final : public commp::Backend {
public:
    PaperCard(std::unique_ptr<commp::Backend> cpu, const std::atomic<std::uint64_t>& revocations)
        : m_cpu(std::move(cpu)), m_revocations(revocations) {}

    [[nodiscard]] std::string name() const override { return "cuda:0"; }
    [[nodiscard]] std::string description() const override { return "a card of paper"; }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override { return m_cpu->limits(); }
    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override { return m_cpu->acquire(); }
    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        return m_cpu->submit(std::move(submission));
    }
    void drain() override { m_cpu->drain(); }
    [[nodiscard]] std::uint64_t revocations() const noexcept override { return m_revocations; }

private:
    std::unique_ptr<commp::Backend> m_cpu;
    const std::atomic<std::uint64_t>& m_revocations;
};

class PaperCards final : public commp::GpuProvider {
public:
    explicit PaperCards(bool usable) : m_usable(usable) {}

    std::atomic<std::uint64_t> revocations = 0;

    [[nodiscard]] std::vector<commp::GpuReport> probe() override {
        return {{.name = "cuda", .description = "none", .reason = "no driver"},
                {.name = "cuda:0",
                 .description = "a card of paper",
                 .supported = m_usable,
                 .reason = "",
                 .self_test = m_usable}};
    }
    [[nodiscard]] Result<std::unique_ptr<commp::Backend>> open(const commp::GpuOptions&) override {
        if (!m_usable) return Error(ErrorCode::not_found, "no card");
        FILFIL_TRY(auto cpu, commp::make_cpu_backend("portable", m_inline, m_clock));
        return std::unique_ptr<commp::Backend>(std::make_unique<PaperCard>(std::move(cpu), revocations));
    }

private:
    bool m_usable;
    InlineExecutor m_inline;
    SystemClock m_clock;
};

bool offers(const Verifier& verifier, const QString& backend) {
    for (const QVariant& one : verifier.backends())
        if (one.toMap().value(QStringLiteral("name")) == backend) return true;
    return false;
}

}    // namespace

class VerifierTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    Format m_format;

    QString write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return {};
        return file.fileName();
    }

    static void finish(Verifier& verifier, const QString& path) {
        QSignalSpy finished(&verifier, &Verifier::finished);
        verifier.startPath(path);
        if (finished.isEmpty()) QVERIFY(finished.wait(patience));
    }

    QString cidOf(const QString& path) {
        Verifier verifier(m_format, {});
        finish(verifier, path);
        return verifier.result().value(QLatin1String("piece_cid_v2")).toString();
    }

private slots:
    void theCommitmentIsThatOfTheVectors() {
        const QJsonObject vector = zeroVector();
        QVERIFY(!vector.isEmpty());
        const QString path =
            write(QStringLiteral("zeros"),
                  QByteArray(static_cast<qsizetype>(vector.value(QLatin1String("len")).toInteger()), '\0'));
        Verifier verifier(m_format, {});
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Done);
        bool found = false;
        for (const QJsonValue& value : vector)
            found = found || value == verifier.result().value(QLatin1String("piece_cid"));
        QVERIFY2(found, qPrintable(verifier.result().value(QLatin1String("piece_cid")).toString()));
        QCOMPARE(verifier.progress(), 1.0);
        QVERIFY(!verifier.device().isEmpty());
        QVERIFY(!verifier.result().contains(QLatin1String("match")));
    }

    void theRightFileMatchesAndAnotherDoesNot() {
        const QString right = write(QStringLiteral("right.car"), QByteArray(300'000, 'r'));
        const QString wrong = write(QStringLiteral("wrong.car"), QByteArray(299'000, 'r'));
        const QString cid = cidOf(right);
        QVERIFY(cid.startsWith(QLatin1String("bafkz")));
        Verifier verifier(m_format, m_folder.filePath(QStringLiteral("history.json")));
        QAbstractItemModelTester tester(verifier.history(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        verifier.setExpected(QStringLiteral("  ") + cid + QStringLiteral("\n"));
        QVERIFY(verifier.expectedValid());
        QVERIFY(!verifier.expectedSays().isEmpty());
        finish(verifier, right);
        QCOMPARE(verifier.result().value(QLatin1String("match")).toBool(), true);
        finish(verifier, wrong);
        QCOMPARE(verifier.state(), Verifier::Done);
        QCOMPARE(verifier.result().value(QLatin1String("match")).toBool(true), false);
        QVERIFY(verifier.result().value(QLatin1String("diagnosis")).toString().contains(QLatin1String("300000")));
        QCOMPARE(verifier.history()->count(), 2);
        QCOMPARE(verifier.history()->recordAt(1).value(QLatin1String("verdict")).toString(), QStringLiteral("differs"));
        Verifier next(m_format, m_folder.filePath(QStringLiteral("history.json")));
        QCOMPARE(next.history()->count(), 2);
    }

    void aVersion1CidMatchesWhateverThePadding() {
        const QString path = write(QStringLiteral("small"), QByteArray(1000, 's'));
        Verifier verifier(m_format, {});
        finish(verifier, path);
        verifier.setExpected(verifier.result().value(QLatin1String("piece_cid")).toString());
        finish(verifier, path);
        QVERIFY(verifier.result().value(QLatin1String("match")).toBool());
    }

    void whatIsTypedWrongIsSaidAtOnce_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("words") << "not a cid" << "";
        QTest::newRow("cut off") << "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2m" << "";
        QTest::newRow("one letter wrong") << "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mp1" << "";
        QTest::newRow("a data CID") << "bafy2bzacedap4yuquwobdywm2aoy4qzznlhlnoirhyfljg4ih2ezhvzmnpqko" << "data CID";
        QTest::newRow("very long") << QString(100'000, u'b') << "too long";
        QTest::newRow("nothing printable") << QString(QChar(0)) << "";
    }
    void whatIsTypedWrongIsSaidAtOnce() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        Verifier verifier(m_format, {});
        verifier.setExpected(text);
        QVERIFY(!verifier.expectedValid());
        QVERIFY(!verifier.expectedProblem().isEmpty());
        QVERIFY2(verifier.expectedProblem().contains(says), qPrintable(verifier.expectedProblem()));
        finish(verifier, write(QStringLiteral("any"), QByteArray(1000, 'a')));
        QCOMPARE(verifier.state(), Verifier::Failed);
        verifier.setExpected({});
        QVERIFY(verifier.expectedValid());
    }

    void aFolderIsRefusedInWords() {
        Verifier verifier(m_format, {});
        finish(verifier, m_folder.path());
        QCOMPARE(verifier.state(), Verifier::Failed);
        QVERIFY(verifier.error().contains(QLatin1String("folder")));
        QVERIFY(!verifier.remedy().isEmpty());
        finish(verifier, m_folder.filePath(QStringLiteral("not there")));
        QCOMPARE(verifier.state(), Verifier::Failed);
        QSignalSpy finished(&verifier, &Verifier::finished);
        verifier.start(QUrl(QStringLiteral("https://sp.example/piece.car")));
        QCOMPARE(finished.count(), 1);
        QVERIFY(verifier.error().contains(QLatin1String("not on this machine")));
    }

    void aFileThatChangesMeanwhileIsTold() {
        const QString path = write(QStringLiteral("moving"), QByteArray(200'000, 'm'));
        const QString other = write(QStringLiteral("other"), QByteArray(200'000, 'o'));
        Verifier verifier(m_format, {});
        verifier.setExpected(cidOf(other));
        // It is changed between hashing and the end of the search: a file that somebody still writes.
        verifier.setDiagnose([path](const DifferenceSearch&) -> Result<std::string> {
            QFile file(path);
            if (file.open(QIODevice::Append)) file.write("more");
            return std::string("looked");
        });
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Failed);
        QVERIFY2(verifier.error().contains(QLatin1String("changed")), qPrintable(verifier.error()));
    }

    void cancellingEndsItAndTheNextGoesOn() {
        const QString path = write(QStringLiteral("cancelled"), QByteArray(100'000, 'c'));
        Verifier verifier(m_format, {});
        verifier.setExpected(cidOf(write(QStringLiteral("another"), QByteArray(100'000, 'd'))));
        // A search that ends when it is told to, and not before.
        std::promise<void> searching;
        verifier.setDiagnose([&](const DifferenceSearch& search) -> Result<std::string> {
            std::promise<void> stopped;
            const std::stop_callback on_stop(search.stop, [&] { stopped.set_value(); });
            searching.set_value();
            stopped.get_future().wait();
            return Error(ErrorCode::cancelled, "stopped");
        });
        QSignalSpy finished(&verifier, &Verifier::finished);
        verifier.startPath(path);
        QTRY_COMPARE_WITH_TIMEOUT(verifier.state(), Verifier::Diagnosing, patience);
        searching.get_future().wait();
        QVERIFY(verifier.running());
        verifier.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, patience);
        QCOMPARE(verifier.state(), Verifier::Cancelled);
        verifier.setDiagnose({});
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Done);
    }

    void startingAnotherLeavesTheOneBefore() {
        Verifier verifier(m_format, {});
        verifier.startPath(write(QStringLiteral("first"), QByteArray(5'000'000, '1')));
        finish(verifier, write(QStringLiteral("second"), QByteArray(1000, '2')));
        QCOMPARE(verifier.fileName(), QStringLiteral("second"));
        QCOMPARE(verifier.result().value(QLatin1String("payload_size")).toInteger(), 1000);
    }

    void whatIsStagedIsFoundByItsRoot() {
        const QString path = write(QStringLiteral("staged"), QByteArray(127'000, 't'));
        Verifier verifier(m_format, {});
        QStringList asked;
        verifier.setFindStaged([&](const QStringList& roots) {
            asked = roots;
            return QJsonObject{{QStringLiteral("epoch"), 5000}};
        });
        finish(verifier, path);
        QCOMPARE(verifier.result().value(QLatin1String("staged")).toObject().value(QLatin1String("epoch")).toInt(),
                 5000);
        // 128 KiB to 64 GiB.
        QCOMPARE(asked.size(), 20);
        QCOMPARE(asked.first().size(), 64);
    }

    void everyBackendSaysTheSame() {
        const QString path = write(QStringLiteral("same"), QByteArray(1'000'000, 'x'));
        Verifier verifier(m_format, {});
        QVERIFY(verifier.backends().size() >= 2);
        QSet<QString> cids;
        for (const QVariant& backend : verifier.backends()) {
            verifier.setBackend(backend.toMap().value(QStringLiteral("name")).toString());
            finish(verifier, path);
            cids.insert(verifier.result().value(QLatin1String("piece_cid")).toString());
        }
        QCOMPARE(cids.size(), 1);
        verifier.setBackend(QStringLiteral("abacus"));
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Failed);
    }

    void aCardIsOfferedOnceItWasLookedAt() {
        const QString path = write(QStringLiteral("carded"), QByteArray(300'000, 'k'));
        const QString cid = cidOf(path);
        PaperCards cards(true);
        Verifier verifier(m_format, {});
        QVERIFY(!offers(verifier, QStringLiteral("cuda")));
        QSignalSpy told(&verifier, &Verifier::backendsChanged);
        verifier.setGpu(cards);
        QVERIFY(told.wait(patience));
        QVERIFY(offers(verifier, QStringLiteral("cuda")));
        verifier.setBackend(QStringLiteral("cuda"));
        finish(verifier, path);
        QCOMPARE(verifier.device(), QStringLiteral("cuda:0"));
        QCOMPARE(verifier.result().value(QLatin1String("piece_cid_v2")).toString(), cid);
    }

    void withoutACardThatWorksNoneIsOffered() {
        PaperCards cards(false);
        Verifier verifier(m_format, {});
        verifier.setGpu(cards);
        verifier.setBackend(QStringLiteral("cuda"));
        const QString path = write(QStringLiteral("cardless"), QByteArray(1000, 'l'));
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Failed);
        QVERIFY(!offers(verifier, QStringLiteral("cuda")));
        verifier.setBackend(QStringLiteral("auto"));
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Done);
    }

    void whatACardFoundBeforeItFailedIsNotTold() {
        const QString path = write(QStringLiteral("doubted"), QByteArray(300'000, 'm'));
        PaperCards cards(true);
        Verifier verifier(m_format, {});
        verifier.setGpu(cards);
        verifier.setBackend(QStringLiteral("cuda"));
        verifier.setExpected(cidOf(write(QStringLiteral("undoubted"), QByteArray(300'000, 'n'))));
        verifier.setDiagnose([&cards](const DifferenceSearch&) -> Result<std::string> {
            ++cards.revocations;
            return std::string("looked");
        });
        finish(verifier, path);
        QCOMPARE(verifier.state(), Verifier::Failed);
        QVERIFY2(verifier.error().contains(QLatin1String("GPU")), qPrintable(verifier.error()));
    }
};

std::unique_ptr<QObject> verifierTest() { return std::make_unique<VerifierTest>(); }

}    // namespace filfil::gui::test

#include "verifier_test.moc"
