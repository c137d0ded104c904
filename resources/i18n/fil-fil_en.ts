<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BannerStrip</name>
    <message numerus="yes">
        <source>Tried again in %n second(s).</source>
        <translation>
            <numerusform>Tried again in %n second.</numerusform>
            <numerusform>Tried again in %n seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n alert(s)</source>
        <translation>
            <numerusform>All %n alert</numerusform>
            <numerusform>All %n alerts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DataTable</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DealsPage</name>
    <message numerus="yes">
        <source>%n on the way</source>
        <translation>
            <numerusform>%n on the way</numerusform>
            <numerusform>%n on the way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n late</source>
        <translation>
            <numerusform>%n late</numerusform>
            <numerusform>%n late</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilterChip</name>
    <message numerus="yes">
        <source>%1, %n entry(ies)</source>
        <translation>
            <numerusform>%1, %n entry</numerusform>
            <numerusform>%1, %n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n line(s)</source>
        <translation>
            <numerusform>%1 of %n line</numerusform>
            <numerusform>%1 of %n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n line(s) that are kept.</source>
        <translation>
            <numerusform>Of %n line that are kept.</numerusform>
            <numerusform>Of %n lines that are kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message numerus="yes">
        <source>Nothing within %n day(s)</source>
        <translation>
            <numerusform>Nothing within %n day</numerusform>
            <numerusform>Nothing within %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n window(s)</source>
        <translation>
            <numerusform>%1 of %n window</numerusform>
            <numerusform>%1 of %n windows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s) behind</source>
        <translation>
            <numerusform>%n epoch behind</numerusform>
            <numerusform>%n epochs behind</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n epoch(s) behind</source>
        <translation>
            <numerusform>%1, %n epoch behind</numerusform>
            <numerusform>%1, %n epochs behind</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n epoch(s) back</source>
        <translation>
            <numerusform>%1, %n epoch back</numerusform>
            <numerusform>%1, %n epochs back</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SlotCalendar</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n seconds</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n windows</source>
        <translation>
            <numerusform>%n window</numerusform>
            <numerusform>%n windows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n ahead</source>
        <translation>
            <numerusform>%n ahead</numerusform>
            <numerusform>%n ahead</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SnapshotsPage</name>
    <message numerus="yes">
        <source>%n taken</source>
        <translation>
            <numerusform>%n taken</numerusform>
            <numerusform>%n taken</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WizardDialog</name>
    <message numerus="yes">
        <source>head %1, %n epoch(s) behind</source>
        <translation>
            <numerusform>head %1, %n epoch behind</numerusform>
            <numerusform>head %1, %n epochs behind</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::DealStore</name>
    <message numerus="yes">
        <source>%n deal(s) of the snapshot of epoch %1 are on their way</source>
        <translation>
            <numerusform>%n deal of the snapshot of epoch %1 is on its way</numerusform>
            <numerusform>%n deals of the snapshot of epoch %1 are on their way</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::DeviceStore</name>
    <message numerus="yes">
        <source>%n device(s) were measured</source>
        <translation>
            <numerusform>%n device was measured</numerusform>
            <numerusform>%n devices were measured</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::Format</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::PayoutStore</name>
    <message numerus="yes">
        <source>%1 were withdrawn, and %n item(s) failed</source>
        <translation>
            <numerusform>%1 were withdrawn, and %n item failed</numerusform>
            <numerusform>%1 were withdrawn, and %n items failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::StatusStore</name>
    <message numerus="yes">
        <source>%n tipset(s) were reverted</source>
        <translation>
            <numerusform>%n tipset was reverted</numerusform>
            <numerusform>%n tipsets were reverted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>filfil::gui::TrayState</name>
    <message numerus="yes">
        <source>%n alert(s)</source>
        <translation>
            <numerusform>%n alert</numerusform>
            <numerusform>%n alerts</numerusform>
        </translation>
    </message>
</context>
</TS>
