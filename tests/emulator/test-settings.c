/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings by number and by name (manual 2.2.5 and 2.2.6). */

#include "tests/emulator/peer.h"

static OpEmulator *
make_emulator (guint16 security, gint64 session_us)
{
  g_autoptr (OpEmulatorOptions) options = op_emulator_options_new ("cr1000");
  g_autoptr (GError) error = NULL;
  OpEmulator *emulator;

  options->security[0] = security;
  options->security[2] = security;
  if (session_us > 0)
    options->settings_session_us = session_us;
  emulator = op_emulator_new (options, &error);
  g_assert_no_error (error);
  return emulator;
}

static PakMessage *
control_command (guint16 security, guint action)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x13);

  pak_message_set_uint (command, "SecurityCode", security);
  pak_message_set_uint (command, "Action", action);
  return command;
}

static guint
ask_outcome (Peer *peer, PakMessage *command)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, command);

  return pak_message_get_uint (answer, "Outcome");
}

static guint
control (Peer *peer, guint action)
{
  return ask_outcome (peer, control_command (0, action));
}

static PakMessage *
get_command (guint begin, guint end)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x0F);

  pak_message_set_uint (command, "SecurityCode", 0);
  pak_message_set_uint (command, "BeginSettingId", begin);
  pak_message_set_uint (command, "EndSettingId", end);
  return command;
}

static void
add_setting (PakMessage *command, guint id, const void *value, gsize length)
{
  PakMessage *group = pak_message_add_group (command, "Settings");

  pak_message_set_uint (group, "SettingId", id);
  pak_message_set_uint (group, "SettingLen", length);
  pak_message_set_bytes (group, "SettingValue", value, length);
}

static PakMessage *
set_command (guint id, const void *value, gsize length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x10);

  add_setting (command, id, value, length);
  return command;
}

/* Sets one and returns its outcome; the whole went well. */
static guint
set (Peer *peer, guint id, const void *value, gsize length)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, set_command (id, value, length));

  g_assert_cmpuint (pak_message_get_uint (answer, "Outcome"), ==, 1);
  g_assert_cmpuint (pak_message_get_n_groups (answer, "Settings"), ==, 1);
  return pak_message_get_uint (pak_message_get_group (answer, "Settings", 0), "SettingsOutcome");
}

static void
assert_setting (Peer *peer, guint id, const void *value, gsize length)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, get_command (id, id));
  const PakMessage *setting;
  const guint8 *got;
  gsize got_length;

  g_assert_cmpuint (pak_message_get_n_groups (answer, "Settings"), ==, 1);
  setting = pak_message_get_group (answer, "Settings", 0);
  g_assert_cmpuint (pak_message_get_uint (setting, "SettingId"), ==, id);
  got = pak_message_get_bytes (setting, "SettingValue", &got_length);
  g_assert_cmpmem (got, got_length, value, length);
}

/* Rings until somebody answers. */
static gboolean
is_answering (gpointer data)
{
  Peer *peer = data;

  if (peer_get_n_waiting (peer) > 0)
    return TRUE;
  peer_send_hex (peer, "90 01 0F EF");
  return FALSE;
}

/* The station is back from its reboot. */
static Peer *
reconnect (OpEmulator *emulator)
{
  Peer *peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);

  wait_until (is_answering, peer);
  return peer;
}

/* Ids, lengths and marks in the order of a real CR1000 (vectors/pakbus.json: pyc_devconfig_get_resp_rx). */
static void
test_first_page (void)
{
  static const guint8 ids[] = {
    0, 1, 2, 3, 4, 86, 5, 6, 83, 7, 8, 73, 12, 13, 14, 15, 17, 18, 20, 21, 74, 75, 22, 23, 24, 25, 27, 28, 30, 31,
    77, 78, 32, 33, 34, 35, 37, 38, 40, 41, 80, 81, 42, 43, 44, 45, 47, 48, 55, 50, 84, 49, 61, 51, 53, 52, 89, 91,
    90, 66, 56, 54, 65, 85, 63, 64, 58, 60, 87, 88, 57, 59,
  };
  static const guint8 lengths[] = {
    17, 4, 8, 2, 6, 4, 1, 2, 0, 4, 4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 4, 0, 1, 2, 5, 8, 14, 8, 8, 14, 8, 8, 21, 2, 0, 1, 2, 2, 12, 1, 2, 3, 3, 1,
  };
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  /* PyCampbellCR1000 leaves the security code out (pakbus-facts J4). */
  g_autoptr (PakMessage) answer = peer_ask (peer, peer_command (PAK_PROTOCOL_PAKCTRL, 0x0F));

  g_assert_cmpuint (pak_message_get_uint (answer, "Outcome"), ==, 1);
  g_assert_cmpuint (pak_message_get_uint (answer, "DeviceType"), ==, 12);
  g_assert_cmpuint (pak_message_get_uint (answer, "MajorVersion"), ==, 5);
  g_assert_cmpuint (pak_message_get_uint (answer, "MinorVersion"), ==, 0);
  g_assert_true (pak_message_get_uint (answer, "MoreSettings"));
  g_assert_cmpuint (pak_message_get_n_groups (answer, "Settings"), ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const PakMessage *setting = pak_message_get_group (answer, "Settings", i);

      g_assert_cmpuint (pak_message_get_uint (setting, "SettingId"), ==, ids[i]);
      g_assert_cmpuint (pak_message_get_uint (setting, "SettingLen"), ==, lengths[i]);
      g_assert_cmpuint (pak_message_get_uint (setting, "ReadOnly"), ==,
                        ids[i] == 0 || ids[i] == 1 || ids[i] == 48 || ids[i] == 59);
      g_assert_cmpuint (pak_message_get_uint (setting, "LargeValue"), ==, 0);
    }
}

/* What follows the first page begins with the last setting of that, or with the one behind. */
static void
test_pages (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *from_last = peer_command (PAK_PROTOCOL_PAKCTRL, 0x0F);
  g_autoptr (PakMessage) second = NULL, third = NULL, few = NULL, none = NULL;
  const PakMessage *long_one;

  pak_message_set_uint (from_last, "SecurityCode", 0);
  pak_message_set_uint (from_last, "BeginSettingId", 59);
  second = peer_ask (peer, from_last);
  g_assert_cmpuint (pak_message_get_n_groups (second, "Settings"), ==, 2);
  g_assert_true (pak_message_get_uint (second, "MoreSettings"));
  long_one = pak_message_get_group (second, "Settings", 1);
  g_assert_cmpuint (pak_message_get_uint (long_one, "SettingId"), ==, 200);
  g_assert_cmpuint (pak_message_get_uint (long_one, "LargeValue"), ==, 1);
  g_assert_cmpuint (pak_message_get_uint (long_one, "SettingLen"), ==, 983);
  third = peer_ask (peer, get_command (201, 201));
  g_assert_false (pak_message_get_uint (third, "MoreSettings"));
  few = peer_ask (peer, get_command (86, 83));
  g_assert_cmpuint (pak_message_get_n_groups (few, "Settings"), ==, 4);
  g_assert_false (pak_message_get_uint (few, "MoreSettings"));
  none = peer_ask (peer, get_command (9999, 9999));
  g_assert_cmpuint (pak_message_get_uint (none, "Outcome"), ==, 1);
  g_assert_cmpuint (pak_message_get_n_groups (none, "Settings"), ==, 0);
}

static guint
get_fragment (Peer *peer, guint id, guint32 offset, GByteArray *value, gboolean *more)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x11);
  g_autoptr (PakMessage) answer = NULL;
  const guint8 *bytes;
  gsize length = 0;

  pak_message_set_uint (command, "SettingId", id);
  pak_message_set_uint (command, "Offset", offset);
  answer = peer_ask (peer, command);
  *more = pak_message_get_uint (answer, "MoreFragments") != 0;
  bytes = pak_message_get_bytes (answer, "FragmentData", &length);
  if (length > 0)
    g_byte_array_append (value, bytes, length);
  return pak_message_get_uint (answer, "Outcome");
}

static GByteArray *
get_large (Peer *peer)
{
  g_autoptr (PakMessage) answer = peer_ask (peer, get_command (200, 200));
  const PakMessage *setting = pak_message_get_group (answer, "Settings", 0);
  GByteArray *value = g_byte_array_new ();
  gboolean more = TRUE;
  const guint8 *bytes;
  gsize length;

  g_assert_true (pak_message_get_uint (setting, "LargeValue"));
  bytes = pak_message_get_bytes (setting, "SettingValue", &length);
  g_assert_cmpuint (length, ==, 988);
  g_byte_array_append (value, bytes, length);
  while (more)
    g_assert_cmpuint (get_fragment (peer, 200, value->len, value, &more), ==, 1);
  return value;
}

static guint
set_fragment (Peer *peer, guint id, guint32 offset, gboolean more, const void *value, gsize length)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x12);

  pak_message_set_uint (command, "SettingId", id);
  pak_message_set_uint (command, "FragmentOffset", offset);
  pak_message_set_uint (command, "MoreFragments", more);
  pak_message_set_uint (command, "FragmentLen", length);
  pak_message_set_bytes (command, "FragmentData", value, length);
  return ask_outcome (peer, command);
}

static void
test_fragments (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  g_autoptr (GByteArray) before = get_large (peer);
  g_autoptr (GByteArray) changed = NULL, rest = g_byte_array_new ();
  g_autofree char *text = g_strnfill (1999, 'x');
  gboolean more;

  g_assert_cmpuint (before->len, ==, strlen ((const char *) before->data) + 1);
  g_assert_cmpuint (get_fragment (peer, 200, before->len, rest, &more), ==, 1);
  g_assert_cmpuint (get_fragment (peer, 200, G_MAXUINT32, rest, &more), ==, 1);
  g_assert_false (more);
  g_assert_cmpuint (rest->len, ==, 0);
  g_assert_cmpuint (get_fragment (peer, 9999, 0, rest, &more), ==, 3);

  g_assert_cmpuint (set_fragment (peer, 200, 0, TRUE, text, 980), ==, 1);
  g_assert_cmpuint (set_fragment (peer, 200, 980, TRUE, text, 980), ==, 1);
  g_assert_cmpuint (set_fragment (peer, 200, 980, TRUE, text, 980), ==, 1);
  g_assert_cmpuint (set_fragment (peer, 200, 1960, FALSE, text + 1960, 40), ==, 1);
  g_assert_cmpuint (set_fragment (peer, 200, 1960, FALSE, text + 1960, 40), ==, 1);
  g_assert_cmpuint (control (peer, 1), ==, 1);
  peer_wait_closed (peer);
  after = reconnect (emulator);
  changed = get_large (after);
  g_assert_cmpmem (changed->data, changed->len, text, 2000);
}

/* Manual 2.2.6.4: its outcomes are not those of Set Settings. */
static void
test_fragments_refused (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *text = g_strnfill (900, 'x');
  guint outcome = 1;

  g_assert_cmpuint (set_fragment (peer, 9999, 0, FALSE, "x", 2), ==, 3);
  g_assert_cmpuint (set_fragment (peer, 200, 5, FALSE, "x", 2), ==, 4);
  g_assert_cmpuint (set_fragment (peer, 200, 0, FALSE, "no end", 6), ==, 4);
  g_assert_cmpuint (set_fragment (peer, 48, 0, FALSE, "x", 1), ==, 5);
  for (guint32 offset = 0; outcome == 1 && offset < 10000; offset += 900)
    outcome = set_fragment (peer, 200, offset, TRUE, text, 900);
  g_assert_cmpuint (outcome, ==, 6);
  g_assert_cmpuint (control (peer, 1), ==, 3);
}

/* Several at once, each with its outcome; nothing is in force before the commit, which reboots. */
static void
test_set_and_commit (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  PakMessage *command = set_command (2, "Glacier", 8);
  g_autoptr (PakMessage) answer = NULL;
  g_autofree char *long_text = g_strnfill (70, 'x');
  g_autofree char *list = g_strnfill (300, 'x');
  static const guint8 outcomes[] = { 1, 2, 3, 4, 3, 3, 5, 5, 1 };

  add_setting (command, 9999, "x", 1);
  add_setting (command, 6, "\0\1\2", 3);
  add_setting (command, 0, "CR9", 4);
  add_setting (command, 3, "\x0F\xFF", 2);
  add_setting (command, 51, "10.0.0.5", 8);
  add_setting (command, 51, long_text, 71);
  add_setting (command, 37, list, 300);
  add_setting (command, 17, "\0\x3C", 2);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "Outcome"), ==, 1);
  g_assert_cmpuint (pak_message_get_n_groups (answer, "Settings"), ==, G_N_ELEMENTS (outcomes));
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_assert_cmpuint (pak_message_get_uint (pak_message_get_group (answer, "Settings", i), "SettingsOutcome"), ==,
                      outcomes[i]);
  assert_setting (peer, 2, "Weather", 8);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), ==, 0);
  g_assert_cmpuint (control (peer, 1), ==, 1);
  peer_wait_closed (peer);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), ==, 1);
  after = reconnect (emulator);
  assert_setting (after, 2, "Glacier", 8);
  assert_setting (after, 17, "\0\x3C", 2);
  assert_setting (after, 6, "\0\x32", 2);
}

static void
test_address (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  g_autofree char *greeting = NULL;

  g_assert_cmpuint (set (peer, 3, "\x00\x2A", 2), ==, 1);
  g_assert_cmpuint (control (peer, 1), ==, 1);
  peer_wait_closed (peer);
  after = peer_new (emulator);
  greeting = peer_next_hex (after);
  g_assert_cmpstr (greeting, ==, "EF FF 10 2A 0F FF 00 2A 0E 00");
}

/* Manual 2.2.6.5. */
static void
test_control (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) after = NULL;
  g_autoptr (PakMessage) failure = NULL;
  guint8 transaction;

  g_assert_cmpuint (control (peer, 1), ==, 3);
  g_assert_cmpuint (control (peer, 2), ==, 3);
  g_assert_cmpuint (control (peer, 4), ==, 6);
  g_assert_cmpuint (set (peer, 2, "A", 2), ==, 1);
  g_assert_cmpuint (control (peer, 2), ==, 3);
  g_assert_cmpuint (control (peer, 1), ==, 3);
  assert_setting (peer, 2, "Weather", 8);
  /* No action: malformed. */
  transaction = peer_send (peer, control_command (0, 6));
  failure = peer_receive (peer, 0);
  g_assert_cmpuint (pak_message_get_uint (failure, "ErrCode"), ==, 5);
  g_assert_cmpuint (transaction, >, 0);

  g_assert_cmpuint (set (peer, 2, "A", 2), ==, 1);
  g_assert_cmpuint (control (peer, 5), ==, 4);
  peer_wait_closed (peer);
  after = reconnect (emulator);
  assert_setting (after, 2, "Weather", 8);
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), ==, 0);
}

static void
test_revert (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autoptr (Peer) second = NULL, third = NULL;

  g_assert_cmpuint (set (peer, 51, "10.0.0.5", 9), ==, 1);
  g_assert_cmpuint (control (peer, 1), ==, 1);
  peer_wait_closed (peer);
  second = reconnect (emulator);
  g_assert_cmpuint (control (second, 3), ==, 5);
  assert_setting (second, 51, "10.0.0.5", 9);
  g_assert_cmpuint (control (second, 1), ==, 1);
  peer_wait_closed (second);
  third = reconnect (emulator);
  assert_setting (third, 51, "0.0.0.0", 8);
}

/* A command as another node sends it. */
static guint
ask_as_other (Peer *peer, PakMessage *command)
{
  PakPacket header = peer_make_header (peer);
  g_autoptr (PakMessage) answer = NULL;

  header.src_node = header.src_phy = PEER_ADDRESS - 1;
  peer_send_as (peer, command, &header);
  answer = peer_receive_as (peer, header.transaction, PEER_ADDRESS - 1);
  return pak_message_get_uint (answer, "Outcome");
}

static void
test_second_client (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *fragment = peer_command (PAK_PROTOCOL_PAKCTRL, 0x12);

  g_assert_cmpuint (set (peer, 2, "A", 2), ==, 1);
  g_assert_cmpuint (ask_as_other (peer, set_command (2, "B", 2)), ==, 3);
  for (guint action = 1; action <= 5; action++)
    g_assert_cmpuint (ask_as_other (peer, control_command (0, action)), ==, 7);
  pak_message_set_uint (fragment, "SettingId", 2);
  g_assert_cmpuint (ask_as_other (peer, fragment), ==, 2);
  /* Reading is free. */
  g_assert_cmpuint (ask_as_other (peer, get_command (2, 2)), ==, 1);
  g_assert_cmpuint (control (peer, 2), ==, 3);
  g_assert_cmpuint (ask_as_other (peer, set_command (2, "B", 2)), ==, 1);
  g_assert_cmpuint (ask_outcome (peer, set_command (2, "C", 2)), ==, 3);
}

static gboolean
is_due (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

/* What is not committed in time is forgotten; refreshing keeps it. */
static void
test_session_ends (void)
{
  gint64 session_us = 300000, due = 0;
  g_autoptr (OpEmulator) emulator = make_emulator (0, session_us);
  g_autoptr (Peer) peer = peer_new (emulator);

  g_assert_cmpuint (set (peer, 2, "A", 2), ==, 1);
  due = g_get_monotonic_time () + session_us * 2 / 3;
  wait_until (is_due, &due);
  g_assert_cmpuint (control (peer, 4), ==, 6);
  due += session_us * 2 / 3;
  wait_until (is_due, &due);
  g_assert_cmpuint (ask_as_other (peer, set_command (2, "B", 2)), ==, 3);
  due += session_us;
  wait_until (is_due, &due);
  g_assert_cmpuint (control (peer, 1), ==, 3);
  g_assert_cmpuint (set (peer, 2, "A", 2), ==, 1);
  due = g_get_monotonic_time () + session_us;
  wait_until (is_due, &due);
  g_assert_cmpuint (ask_as_other (peer, set_command (2, "B", 2)), ==, 1);
  assert_setting (peer, 2, "Weather", 8);
}

static void
test_security (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (77, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  PakMessage *set_right = set_command (2, "A", 2), *fragment = peer_command (PAK_PROTOCOL_PAKCTRL, 0x12);

  g_assert_cmpuint (ask_outcome (peer, peer_command (PAK_PROTOCOL_PAKCTRL, 0x0F)), ==, 2);
  g_assert_cmpuint (ask_outcome (peer, get_command (2, 2)), ==, 2);
  g_assert_cmpuint (ask_outcome (peer, set_command (2, "A", 2)), ==, 2);
  g_assert_cmpuint (ask_outcome (peer, peer_command (PAK_PROTOCOL_PAKCTRL, 0x11)), ==, 2);
  pak_message_set_uint (fragment, "SettingId", 2);
  g_assert_cmpuint (ask_outcome (peer, fragment), ==, 2);
  g_assert_cmpuint (control (peer, 1), ==, 2);
  pak_message_set_uint (set_right, "SecurityCode", 77);
  g_assert_cmpuint (ask_outcome (peer, set_right), ==, 1);
  g_assert_cmpuint (ask_outcome (peer, control_command (77, 2)), ==, 3);
}

static char *
get_named (Peer *peer, const char *names)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x07);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "NameList", names);
  answer = peer_ask (peer, command);
  return g_strdup (pak_message_get_text (answer, "Settings"));
}

static void
assert_set_named (Peer *peer, const char *text, guint code, guint offset)
{
  PakMessage *command = peer_command (PAK_PROTOCOL_PAKCTRL, 0x08);
  g_autoptr (PakMessage) answer = NULL;

  pak_message_set_text (command, "Settings", text);
  answer = peer_ask (peer, command);
  g_assert_cmpuint (pak_message_get_uint (answer, "RespCode"), ==, code);
  g_assert_cmpint (pak_message_has (answer, "FailOffset"), ==, code != 0);
  g_assert_cmpuint (pak_message_get_uint (answer, "FailOffset"), ==, offset);
}

/* Manual 2.2.5. */
static void
test_named (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *all = get_named (peer, "");
  g_autofree char *two = get_named (peer, "PakBusAddress;None;model;");
  g_autofree char *name = NULL;
  g_autofree char *long_name = g_strdup_printf ("StationName=%070d;", 0);

  g_assert_cmpstr (all, ==, "Model=CR1000;Version=CR1000.Std.32.05;SerialNbr=21043;PakBusAddress=1;MaxPktSize=1000;"
                            "StationName=Weather;");
  g_assert_cmpstr (two, ==, "PakBusAddress=1;Model=CR1000;");
  assert_set_named (peer, "StationName=Ice;", 0, 0);
  assert_set_named (peer, "StationName=Snow;Model=CR9;StationName=Rain", 1, 17);
  assert_set_named (peer, long_name, 2, 0);
  assert_set_named (peer, ";StationName", 3, 1);
  assert_set_named (peer, "None=1", 3, 0);
  assert_set_named (peer, "PakBusAddress=4095", 3, 0);
  name = get_named (peer, "StationName");
  g_assert_cmpstr (name, ==, "StationName=Snow;");
  g_assert_cmpuint (op_emulator_get_n_applied (emulator, "settings"), ==, 2);
}

/* The answer still comes from the old address. */
static void
test_named_address (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (0, 0);
  g_autoptr (Peer) peer = peer_new (emulator);
  g_autofree char *greeting = peer_next_hex (peer);
  g_autofree char *answer = NULL, *ready = NULL;

  assert_set_named (peer, "PakBusAddress=5", 0, 0);
  peer_send_hex (peer, "90 05 0F EF");
  ready = peer_next_hex (peer);
  g_assert_cmpstr (ready, ==, "AF EF 00 05");
}

static void
test_named_denied (void)
{
  g_autoptr (OpEmulator) emulator = make_emulator (77, 0);
  g_autoptr (Peer) peer = peer_new (emulator);

  assert_set_named (peer, "StationName=Ice", 4, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/settings/first-page", test_first_page);
  g_test_add_func ("/emulator/settings/pages", test_pages);
  g_test_add_func ("/emulator/settings/fragments", test_fragments);
  g_test_add_func ("/emulator/settings/fragments-refused", test_fragments_refused);
  g_test_add_func ("/emulator/settings/set-and-commit", test_set_and_commit);
  g_test_add_func ("/emulator/settings/address", test_address);
  g_test_add_func ("/emulator/settings/control", test_control);
  g_test_add_func ("/emulator/settings/revert", test_revert);
  g_test_add_func ("/emulator/settings/second-client", test_second_client);
  g_test_add_func ("/emulator/settings/session-ends", test_session_ends);
  g_test_add_func ("/emulator/settings/security", test_security);
  g_test_add_func ("/emulator/settings/named", test_named);
  g_test_add_func ("/emulator/settings/named-address", test_named_address);
  g_test_add_func ("/emulator/settings/named-denied", test_named_denied);
  return g_test_run ();
}
