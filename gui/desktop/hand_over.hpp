// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

namespace filfil::gui {

/// Becomes `fil-fil` with the same arguments: the one beside this program, else the one in PATH. Comes back only where
/// there is none, with the exit code, having said so.
int hand_over(int argc, char** argv);

}    // namespace filfil::gui
