/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-settings.h"

/* A text ends with the literal's NUL; of the other kinds that is none of the value. */
#define SETTING(id, read_only, kind, length, value) { id, read_only, kind, length, value }
#define TEXT(id, value)            SETTING (id, FALSE, OP_SETTING_TEXT, sizeof value, value)
#define READ_ONLY_TEXT(id, value)  SETTING (id, TRUE, OP_SETTING_TEXT, sizeof value, value)
#define FIXED(id, value)           SETTING (id, FALSE, OP_SETTING_FIXED, sizeof value - 1, value)
#define READ_ONLY_FIXED(id, value) SETTING (id, TRUE, OP_SETTING_FIXED, sizeof value - 1, value)
#define BYTES(id, value)           SETTING (id, FALSE, OP_SETTING_BYTES, sizeof value - 1, value)
#define READ_ONLY_BYTES(id, value) SETTING (id, TRUE, OP_SETTING_BYTES, sizeof value - 1, value)

/* 64 letters of something long. */
#define LINE "MIIBszCCARygAwIBAgIUT3V0cG9zdCBlbXVsYXRvciwgbm90IGEgY2VydGlmaWNh"
#define LINES LINE "\n" LINE "\n" LINE "\n" LINE "\n" LINE "\n"

/*
 * Numbers, order, lengths and read-only marks of the first part are those that a CR1000 with OS 24 gave
 * (PyCampbellCR1000's test of its settings response; pakbus-facts J1, J2). More followed there, which nobody
 * has seen: the two at the end, one longer than a packet, are this emulator's own.
 */
const OpSettingDefault op_setting_defaults[] = {
  READ_ONLY_TEXT (0, "CR1000.Std.32.05"), READ_ONLY_FIXED (1, "\x45\x00\x12\x3C"), TEXT (2, "Weather"),
  FIXED (3, "\x00\x01"), FIXED (4, "\x00\x00\x00\x00\x00\x00"), FIXED (86, "\xFF\xFF\xFF\xFF"), FIXED (5, "\x00"),
  FIXED (6, "\x00\x32"), BYTES (83, ""), FIXED (7, "\xFF\xFF\x6A\x00"), FIXED (8, "\xFF\xFE\x3E\x00"),
  FIXED (73, "\x00\x01\xC2\x00"), FIXED (12, "\x00\x00\x00\x00"), FIXED (13, "\x00\x00\x00\x00"),
  FIXED (14, "\x00\x00\x00\x00"), FIXED (15, "\x00\x00\x00\x00"), FIXED (17, "\x00\x00"), FIXED (18, "\x00\x00"),
  FIXED (20, "\x00\x00"), FIXED (21, "\x00\x00"), FIXED (74, "\x00\x00"), FIXED (75, "\x00\x00"),
  FIXED (22, "\x00\x00"), FIXED (23, "\x00\x00"), FIXED (24, "\x00\x00"), FIXED (25, "\x00\x00"),
  FIXED (27, "\x00\x00"), FIXED (28, "\x00\x00"), FIXED (30, "\x00\x00"), FIXED (31, "\x00\x00"),
  FIXED (77, "\x00\x00"), FIXED (78, "\x00\x00"), FIXED (32, "\x00\x00"), FIXED (33, "\x00\x00"),
  FIXED (34, "\x00\x00"), FIXED (35, "\x00\x00"), BYTES (37, ""), BYTES (38, ""), BYTES (40, ""), BYTES (41, ""),
  BYTES (80, ""), BYTES (81, ""), BYTES (42, ""), BYTES (43, ""), BYTES (44, ""), BYTES (45, ""), BYTES (47, ""),
  READ_ONLY_BYTES (48, "\x01\x08\x02\x08\x02\x13\x88"), FIXED (55, "\x00\x00\x00\x00"), BYTES (50, ""),
  FIXED (84, "\x00"), FIXED (49, "\x03\xE8"), BYTES (61, "\x00\x00\x00\x00\x00"), TEXT (51, "0.0.0.0"),
  TEXT (53, "255.255.255.0"), TEXT (52, "0.0.0.0"), TEXT (89, "0.0.0.0"), TEXT (91, "255.255.255.0"),
  TEXT (90, "0.0.0.0"), FIXED (66, "\x00\x00\x00\x00\x00\x00\x00\x00"),
  BYTES (56, "\x00" "0.0.0.0\x00\x00\x00\x00\x00" "CONNECT\x00"), FIXED (54, "\x1A\x81"), BYTES (65, ""),
  FIXED (85, "\x00"), FIXED (63, "\x00\x50"), FIXED (64, "\x00\x15"), BYTES (58, "anonymous\x00*\x00"),
  FIXED (60, "\xFF"), FIXED (87, "\x00\x00"), FIXED (88, "\x00\x00\x00"), FIXED (57, "\x00\x00\x00"),
  READ_ONLY_FIXED (59, "\x00"),
  TEXT (200, "-----BEGIN CERTIFICATE-----\n" LINES LINES LINES LINES "-----END CERTIFICATE-----\n"),
  FIXED (201, "\x00\x00\x0E\x10"),
};

const guint op_n_setting_defaults = G_N_ELEMENTS (op_setting_defaults);
