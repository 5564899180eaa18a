/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Conversations about settings with a scripted logger: bytes written after the BMP5 manual, 2.2.5 and 2.2.6, and
 * pakbus-facts C8 and J. Our address is 4079 = FEF, the logger's is 1, the security code 0x1234.
 */

#include "peer.h"

#include "protocol/pakbus/echo.h"
#include "protocol/pakbus/error.h"
#include "protocol/pakbus/settings-session.h"

#include <string.h>

#define MS 1000

#define RING           "90 01 0F EF"
#define READY          "AF EF 00 01"
#define HELLO          "A0 01 5F EF 00 01 0F EF 09 TT 00 02 FF FE"
#define HELLO_RESPONSE "AF EF 00 01 0F EF 00 01 89 TT 00 02 FF FE"
#define TO_LOGGER      "A0 01 5F EF 00 01 0F EF "
#define FROM_LOGGER    "AF EF 00 01 0F EF 00 01 "

#define GET(ids)           TO_LOGGER "0F TT 12 34" ids
#define GOT(more, settings) FROM_LOGGER "8F TT 01 00 0C 05 00 " more settings
#define SET(settings)      TO_LOGGER "10 TT 12 34 " settings
#define CONTROL(action)    TO_LOGGER "13 TT 12 34 " action
#define CONTROLLED(outcome) FROM_LOGGER "93 TT " outcome
#define REFRESH            CONTROL ("04")
#define REFRESHED          CONTROLLED ("06")
#define CANCEL             CONTROL ("02")
#define COMMIT             CONTROL ("01")

/* Settings as a logger gives them. */
#define STATION_LABO " 00 02 00 05 4C 41 42 4F 00"
#define ADDRESS_1    " 00 03 00 02 00 01"
#define NODES_50     " 00 06 00 02 00 32"
#define ROUTES_NONE  " 00 30 40 00"

typedef struct
{
  Peer               *peer;
  OpLogger           *logger;
  PakSettingsSession *session;
} Fixture;

typedef struct
{
  gboolean            done;
  gboolean            succeeded;
  PakDeviceSettings  *device;
  GPtrArray          *list;
  PakSettingsSession *session;
  PakEcho            *echo;
  GError             *error;
} Outcome;

static void
clear_outcome (Outcome *outcome)
{
  g_clear_pointer (&outcome->device, pak_device_settings_free);
  g_clear_pointer (&outcome->list, g_ptr_array_unref);
  g_clear_object (&outcome->session);
  g_clear_pointer (&outcome->echo, g_free);
  g_clear_error (&outcome->error);
  *outcome = (Outcome) { 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

#define DEFINE_CALLBACK(name, statement)                                                                            \
  static void on_##name##_cb (GObject *source, GAsyncResult *result, gpointer data)                                 \
  {                                                                                                                 \
    Outcome *outcome = data;                                                                                        \
                                                                                                                    \
    g_assert_false (outcome->done);                                                                                 \
    statement;                                                                                                      \
    outcome->done = TRUE;                                                                                           \
  }

#define LOGGER  PAK_LOGGER (source)
#define SESSION PAK_SETTINGS_SESSION (source)

DEFINE_CALLBACK (opened, op_logger_open_finish (OP_LOGGER (source), result, &outcome->error))
DEFINE_CALLBACK (read, outcome->device = pak_settings_read_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (got_named, outcome->list = pak_settings_get_named_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (set_named, outcome->succeeded = pak_settings_set_named_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (begun, outcome->session = pak_settings_session_begin_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (echoed, outcome->echo = pak_echo_finish (LOGGER, result, &outcome->error))
DEFINE_CALLBACK (set, outcome->list = pak_settings_session_set_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (committed, outcome->succeeded = pak_settings_session_commit_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (reverted, outcome->succeeded = pak_settings_session_revert_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (cancelled, outcome->succeeded = pak_settings_session_cancel_finish (SESSION, result, &outcome->error))
DEFINE_CALLBACK (rebooted, outcome->succeeded = pak_settings_session_reboot_finish (SESSION, result, &outcome->error))

static void
set_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  f->peer = peer_new ();
  f->logger = pak_logger_new (f->peer->near_end, 1, 0, 0x1234);
  pak_logger_set_first_timeout (PAK_LOGGER (f->logger), 60 * MS);
  op_logger_open_async (f->logger, NULL, on_opened_cb, &outcome);
  peer_expect (f->peer, RING);
  peer_send (f->peer, READY);
  peer_expect (f->peer, HELLO);
  peer_send (f->peer, HELLO_RESPONSE);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
}

static void
set_up_session (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_up (f, data);
  pak_settings_session_begin_async (PAK_LOGGER (f->logger), NULL, on_begun_cb, &outcome);
  peer_expect (f->peer, CANCEL);
  peer_send (f->peer, CONTROLLED ("03"));
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  f->session = g_steal_pointer (&outcome.session);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->session);
  g_assert_true (peer_is_idle (f->peer));
  g_object_add_weak_pointer (G_OBJECT (f->logger), (gpointer *) &f->logger);
  g_object_unref (f->logger);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (f->logger);
  peer_free (f->peer);
}

/* Waits for the outcome, which is an error with the words in it. */
static void
assert_fails (Outcome *outcome, GQuark domain, gint code, const char *words)
{
  wait_for (&outcome->done);
  g_assert_error (outcome->error, domain, code);
  g_assert_nonnull (strstr (outcome->error->message, words));
}

static void
assert_succeeds (Outcome *outcome)
{
  wait_for (&outcome->done);
  g_assert_no_error (outcome->error);
}

/* Reading by number */

static void
read_all (Fixture *f, Outcome *outcome)
{
  pak_settings_read_async (PAK_LOGGER (f->logger), 0, G_MAXUINT16, NULL, on_read_cb, outcome);
}

/* "id=text id=text " in the order of the list; "!" behind those that are read-only. */
static char *
describe (const PakDeviceSettings *device)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < device->settings->len; i++)
    {
      const PakSetting *setting = g_ptr_array_index (device->settings, i);
      g_autofree char *value = pak_setting_to_text (setting);

      g_string_append_printf (text, "%u=%s%s ", (guint) setting->id, value, setting->read_only ? "!" : "");
    }
  return g_string_free (text, FALSE);
}

static void
assert_device (Outcome *outcome, const char *expected)
{
  g_autofree char *text = NULL;

  assert_succeeds (outcome);
  text = describe (outcome->device);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_read_all (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", NODES_50 STATION_LABO ROUTES_NONE));
  assert_device (&outcome, "6=50 2=LABO 48=! ");
  g_assert_cmpuint (outcome.device->device_type, ==, 12);
  g_assert_cmpuint (outcome.device->major, ==, 5);
  g_assert_null (pak_device_settings_find (outcome.device, 3));
}

static void
test_read_one (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_read_async (PAK_LOGGER (f->logger), 3, 3, NULL, on_read_cb, &outcome);
  peer_expect (f->peer, GET (" 00 03 00 03"));
  /* There are more behind it, which nobody asked for. */
  peer_send (f->peer, GOT ("FF", ADDRESS_1));
  assert_device (&outcome, "3=1 ");
}

/* "Begin" as the setting to go on from, in the device's order. */
static void
test_read_pages_in_own_order (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("01", NODES_50));
  peer_expect (f->peer, GET (" 00 06 FF FF"));
  peer_send (f->peer, GOT ("01", NODES_50 STATION_LABO));
  peer_expect (f->peer, GET (" 00 02 FF FF"));
  peer_send (f->peer, GOT ("00", STATION_LABO ADDRESS_1));
  assert_device (&outcome, "6=50 2=LABO 3=1 ");
}

/* Nor does one that goes by numbers leave out what it gave before. */
static void
test_read_pages_without_repeating (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("01", NODES_50 STATION_LABO));
  peer_expect (f->peer, GET (" 00 02 FF FF"));
  peer_send (f->peer, GOT ("00", STATION_LABO ROUTES_NONE));
  assert_device (&outcome, "6=50 2=LABO 48=! ");
}

/* "Begin" as the lowest number: what is below it stays to be asked for. */
static void
test_read_pages_by_number (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("01", NODES_50));
  peer_expect (f->peer, GET (" 00 06 FF FF"));
  peer_send (f->peer, GOT ("00", NODES_50 ROUTES_NONE));
  peer_expect (f->peer, GET (" 00 00 00 05"));
  peer_send (f->peer, GOT ("01", STATION_LABO));
  peer_expect (f->peer, GET (" 00 00 00 01"));
  peer_send (f->peer, GOT ("00", ""));
  peer_expect (f->peer, GET (" 00 03 00 05"));
  peer_send (f->peer, GOT ("00", ADDRESS_1));
  peer_expect (f->peer, GET (" 00 07 00 2F"));
  peer_send (f->peer, GOT ("00", ""));
  peer_expect (f->peer, GET (" 00 31 FF FF"));
  peer_send (f->peer, GOT ("00", ""));
  assert_device (&outcome, "6=50 48=! 2=LABO 3=1 ");
}

/* Who always says that there is more and gives the same does not keep us for ever. */
static void
test_read_repeating_device (Fixture *f, gconstpointer data)
{
  static const char *const asked[] = {
    GET (""), GET (" 00 02 FF FF"), GET (" 00 00 00 01"), GET (" 00 03 FF FF"),
  };
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      peer_expect (f->peer, asked[i]);
      peer_send (f->peer, GOT ("01", STATION_LABO));
    }
  assert_device (&outcome, "2=LABO ");
}

static void
test_read_long_value (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", " 00 02 80 02 4C 41" ADDRESS_1));
  peer_expect (f->peer, TO_LOGGER "11 TT 12 34 00 02 00 00 00 02");
  peer_send (f->peer, FROM_LOGGER "91 TT 01 80 01 42");
  peer_expect (f->peer, TO_LOGGER "11 TT 12 34 00 02 00 00 00 03");
  peer_send (f->peer, FROM_LOGGER "91 TT 01 00 02 4F 00");
  assert_device (&outcome, "2=LABO 3=1 ");
}

static void
test_read_long_value_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    GQuark (*domain) (void);
    gint        code;
    const char *words;
  } refusals[] = {
    { FROM_LOGGER "91 TT 02", op_logger_error_quark, OP_LOGGER_ERROR_SECURITY, "security code" },
    { FROM_LOGGER "91 TT 03", pak_settings_error_quark, PAK_SETTINGS_ERROR_UNSUPPORTED, "longer than a packet" },
    { FROM_LOGGER "91 TT 09", pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "outcome 9" },
    { FROM_LOGGER "91 TT 01 80 00", op_logger_error_quark, OP_LOGGER_ERROR_DATA, "more to come" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      read_all (f, &outcome);
      peer_expect (f->peer, GET (""));
      peer_send (f->peer, GOT ("00", " 00 02 80 02 4C 41"));
      peer_expect (f->peer, TO_LOGGER "11 TT 12 34 00 02 00 00 00 02");
      peer_send (f->peer, refusals[i].answer);
      assert_fails (&outcome, refusals[i].domain (), refusals[i].code, refusals[i].words);
    }
}

static void
test_read_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) secured = { 0 };
  g_auto (Outcome) unknown = { 0 };
  g_auto (Outcome) damaged = { 0 };

  read_all (f, &secured);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, FROM_LOGGER "8F TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  read_all (f, &unknown);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, FROM_LOGGER "8F TT 07");
  assert_fails (&unknown, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OUTCOME, "outcome 7");

  read_all (f, &damaged);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", " 00 02 00 05 4C"));
  assert_fails (&damaged, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA, "SettingValue");
}

/* Changing by number */

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pak_setting_free);
}

static void
add_text (GPtrArray *settings, guint16 id, const char *text)
{
  g_autoptr (GError) error = NULL;
  PakSetting *setting = pak_setting_from_text (id, text, &error);

  g_assert_no_error (error);
  g_ptr_array_add (settings, setting);
}

static void
set_station_and_nodes (Fixture *f, Outcome *outcome)
{
  g_autoptr (GPtrArray) settings = new_list ();

  add_text (settings, 2, "LABO");
  add_text (settings, 6, "50");
  pak_settings_session_set_async (f->session, settings, NULL, on_set_cb, outcome);
}

#define SET_STATION_AND_NODES SET ("00 02 00 05 4C 41 42 4F 00 00 06 00 02 00 32")

static void
stage_station_and_nodes (Fixture *f)
{
  g_auto (Outcome) outcome = { 0 };

  set_station_and_nodes (f, &outcome);
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 02 01 00 06 01");
  assert_succeeds (&outcome);
}

static const PakSettingOutcome *
get_outcome (const Outcome *outcome, guint i)
{
  return g_ptr_array_index (outcome->list, i);
}

static void
test_set_and_commit (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) set = { 0 };
  g_auto (Outcome) committed = { 0 };
  g_auto (Outcome) late = { 0 };

  set_station_and_nodes (f, &set);
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 02 01 00 06 01");
  assert_succeeds (&set);
  g_assert_cmpuint (set.list->len, ==, 2);
  g_assert_cmpuint (get_outcome (&set, 0)->id, ==, 2);
  g_assert_no_error (get_outcome (&set, 0)->error);
  g_assert_no_error (get_outcome (&set, 1)->error);

  pak_settings_session_commit_async (f->session, NULL, on_committed_cb, &committed);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("01"));
  assert_succeeds (&committed);
  g_assert_true (committed.succeeded);

  set_station_and_nodes (f, &late);
  assert_fails (&late, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED, "over");
}

static void
test_set_refused_each_its_way (Fixture *f, gconstpointer data)
{
  static const struct
  {
    PakSettingsError error;
    const char      *words;
  } expected[] = {
    { PAK_SETTINGS_ERROR_UNKNOWN, "Station Name: the device does not have" },
    { PAK_SETTINGS_ERROR_VALUE, "PakBus Address: the value is malformed" },
    { PAK_SETTINGS_ERROR_READ_ONLY, "Is Router: the setting is read-only" },
    { PAK_SETTINGS_ERROR_NO_MEMORY, "PakBus Nodes Allocation: the device has no memory" },
    { PAK_SETTINGS_ERROR_OUTCOME, "Setting 84: the device answers with outcome 9" },
    { PAK_SETTINGS_ERROR_OUTCOME, "Setting 85: the device does not say" },
  };
  g_autoptr (GPtrArray) settings = new_list ();
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) left = { 0 };

  add_text (settings, 2, "");
  add_text (settings, 3, "1");
  add_text (settings, 5, "true");
  add_text (settings, 6, "50");
  add_text (settings, 84, "1");
  add_text (settings, 85, "1");
  pak_settings_session_set_async (f->session, settings, NULL, on_set_cb, &outcome);
  peer_expect (f->peer, SET ("00 02 00 01 00 00 03 00 02 00 01 00 05 00 01 01 00 06 00 02 00 32"
                             " 00 54 00 01 01 00 55 00 01 01"));
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 02 02 00 03 03 00 05 04 00 06 05 00 54 09");
  assert_succeeds (&outcome);
  g_assert_cmpuint (outcome.list->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_error (get_outcome (&outcome, i)->error, PAK_SETTINGS_ERROR, (gint) expected[i].error);
      g_assert_nonnull (strstr (get_outcome (&outcome, i)->error->message, expected[i].words));
    }

  pak_settings_session_cancel_async (f->session, NULL, on_cancelled_cb, &left);
  peer_expect (f->peer, CANCEL);
  peer_send (f->peer, CONTROLLED ("03"));
  assert_succeeds (&left);
}

/* Refusals of the whole command. Afterwards the session goes on. */
static void
test_set_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) secured = { 0 };
  g_auto (Outcome) taken = { 0 };

  set_station_and_nodes (f, &secured);
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_send (f->peer, FROM_LOGGER "90 TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  set_station_and_nodes (f, &taken);
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_send (f->peer, FROM_LOGGER "90 TT 03");
  assert_fails (&taken, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

/* The answer is lost: what is held is not set again, the rest is. */
static void
test_set_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_station_and_nodes (f, &outcome);
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", STATION_LABO " 00 06 00 02 00 64"));
  peer_expect (f->peer, SET ("00 06 00 02 00 32"));
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 06 01");
  assert_succeeds (&outcome);
  g_assert_cmpuint (outcome.list->len, ==, 2);
  g_assert_no_error (get_outcome (&outcome, 0)->error);
  g_assert_no_error (get_outcome (&outcome, 1)->error);

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

static void
test_set_never_answered (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_station_and_nodes (f, &outcome);
  for (guint i = 0; i < 3; i++)
    {
      peer_expect (f->peer, SET_STATION_AND_NODES);
      peer_expect (f->peer, GET (""));
      peer_send (f->peer, GOT ("00", ADDRESS_1));
    }
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE, "not done");

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

/* What a packet cannot hold goes in fragments; what two cannot, in two. */
static void
set_long_value (Fixture *f, Outcome *outcome, gsize length)
{
  g_autoptr (GPtrArray) settings = new_list ();
  g_autofree guint8 *bytes = g_malloc (length);

  memset (bytes, 0x55, length);
  g_ptr_array_add (settings, pak_setting_new (56, FALSE, bytes, length));
  add_text (settings, 3, "1");
  pak_settings_session_set_async (f->session, settings, NULL, on_set_cb, outcome);
}

static void
expect_fragment (Fixture *f, const char *head, gsize length)
{
  g_autoptr (GString) hex = g_string_new (TO_LOGGER "12 TT 12 34 00 38 ");

  g_string_append (hex, head);
  for (gsize i = 0; i < length; i++)
    g_string_append (hex, " 55");
  peer_expect (f->peer, hex->str);
}

static void
test_set_in_fragments (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint8 number;

  set_long_value (f, &outcome, 1000);
  expect_fragment (f, "00 00 00 00 83 DC", 988);
  peer_send (f->peer, FROM_LOGGER "92 TT 01");
  expect_fragment (f, "00 00 03 DC 00 0C", 12);
  number = f->peer->number;
  /* Without an answer the same comes again, with its number. */
  expect_fragment (f, "00 00 03 DC 00 0C", 12);
  g_assert_cmpuint (f->peer->number, ==, number);
  peer_send (f->peer, FROM_LOGGER "92 TT 01");
  peer_expect (f->peer, SET ("00 03 00 02 00 01"));
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 03 01");
  assert_succeeds (&outcome);
  g_assert_no_error (get_outcome (&outcome, 0)->error);
  g_assert_no_error (get_outcome (&outcome, 1)->error);

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

/* 989 bytes are the first that do not fit a packet with the command's head. */
static void
test_set_longest_in_a_packet (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GString) hex = g_string_new (SET ("00 38 03 E0"));

  for (guint i = 0; i < 992; i++)
    g_string_append (hex, " 55");
  set_long_value (f, &outcome, 992);
  peer_expect (f->peer, hex->str);
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 38 01");
  peer_expect (f->peer, SET ("00 03 00 02 00 01"));
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 03 01");
  assert_succeeds (&outcome);

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

static void
test_fragment_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char      *answer;
    PakSettingsError error;
  } refusals[] = {
    { FROM_LOGGER "92 TT 03", PAK_SETTINGS_ERROR_UNKNOWN },
    { FROM_LOGGER "92 TT 04", PAK_SETTINGS_ERROR_VALUE },
    { FROM_LOGGER "92 TT 05", PAK_SETTINGS_ERROR_READ_ONLY },
    { FROM_LOGGER "92 TT 06", PAK_SETTINGS_ERROR_NO_MEMORY },
    { FROM_LOGGER "92 TT 07", PAK_SETTINGS_ERROR_UNSUPPORTED },
  };
  g_auto (Outcome) secured = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      set_long_value (f, &outcome, 1000);
      expect_fragment (f, "00 00 00 00 83 DC", 988);
      peer_send (f->peer, refusals[i].answer);
      peer_expect (f->peer, SET ("00 03 00 02 00 01"));
      peer_send (f->peer, FROM_LOGGER "90 TT 01 00 03 01");
      assert_succeeds (&outcome);
      g_assert_error (get_outcome (&outcome, 0)->error, PAK_SETTINGS_ERROR, (gint) refusals[i].error);
      g_assert_no_error (get_outcome (&outcome, 1)->error);
    }
  set_long_value (f, &secured, 1000);
  expect_fragment (f, "00 00 00 00 83 DC", 988);
  peer_send (f->peer, FROM_LOGGER "92 TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

/* Control */

static void
test_begin_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    GQuark (*domain) (void);
    gint        code;
    const char *words;
  } refusals[] = {
    { CONTROLLED ("01"), pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "commits the settings" },
    { CONTROLLED ("02"), op_logger_error_quark, OP_LOGGER_ERROR_SECURITY, "security code" },
    { CONTROLLED ("05"), pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "factory" },
    { CONTROLLED ("06"), pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "goes on waiting" },
    { CONTROLLED ("07"), pak_settings_error_quark, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program" },
    { CONTROLLED ("63"), pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "outcome 99" },
    { FROM_LOGGER "81 00 04 00 01 0F EF 13 TT", op_logger_error_quark, OP_LOGGER_ERROR_UNSUPPORTED, "does not know" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      pak_settings_session_begin_async (PAK_LOGGER (f->logger), NULL, on_begun_cb, &outcome);
      peer_expect (f->peer, CANCEL);
      peer_send (f->peer, refusals[i].answer);
      assert_fails (&outcome, refusals[i].domain (), refusals[i].code, refusals[i].words);
      g_assert_null (outcome.session);
    }
}

static void
commit (Fixture *f, Outcome *outcome)
{
  pak_settings_session_commit_async (f->session, NULL, on_committed_cb, outcome);
}

static void
test_commit_nothing (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  commit (f, &outcome);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("03"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_NO_CHANGES, "no changes");
}

/* The first one arrived, its answer did not: what was set is there. */
static void
test_commit_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->peer, COMMIT);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("03"));
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", STATION_LABO NODES_50));
  assert_succeeds (&outcome);
  g_assert_true (outcome.succeeded);
}

/* The first one was lost. */
static void
test_commit_lost (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->peer, COMMIT);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("01"));
  assert_succeeds (&outcome);
}

static void
test_commit_forgotten (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("03"));
  peer_expect (f->peer, GET (""));
  peer_send (f->peer, GOT ("00", STATION_LABO " 00 06 00 02 00 64"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED, "forgot");
}

static void
test_commit_never_answered (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  for (guint i = 0; i < 3; i++)
    peer_expect (f->peer, COMMIT);
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN, "does not show whether");
}

static void
test_commit_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->peer, COMMIT);
  op_transport_close (f->peer->far_end);
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, "link ended");
}

static void
test_revert (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) reverted = { 0 };
  g_auto (Outcome) committed = { 0 };

  stage_station_and_nodes (f);
  pak_settings_session_revert_async (f->session, NULL, on_reverted_cb, &reverted);
  peer_expect (f->peer, CONTROL ("03"));
  peer_send (f->peer, CONTROLLED ("05"));
  assert_succeeds (&reverted);
  g_assert_true (reverted.succeeded);

  /* What was set before is no longer what the device should hold. */
  commit (f, &committed);
  peer_expect (f->peer, COMMIT);
  peer_expect (f->peer, COMMIT);
  peer_send (f->peer, CONTROLLED ("03"));
  assert_succeeds (&committed);
}

static void
test_revert_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_session_revert_async (f->session, NULL, on_reverted_cb, &outcome);
  peer_expect (f->peer, CONTROL ("03"));
  peer_send (f->peer, CONTROLLED ("07"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");
  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  pak_settings_session_cancel_async (f->session, NULL, on_cancelled_cb, &outcome);
  peer_expect (f->peer, CANCEL);
  peer_send (f->peer, CONTROLLED ("04"));
  assert_succeeds (&outcome);
}

/* A restart must not be asked for twice. */
static void
test_reboot (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_session_reboot_async (f->session, NULL, on_rebooted_cb, &outcome);
  peer_expect (f->peer, CONTROL ("05"));
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "does not answer");
  g_assert_true (peer_is_idle (f->peer));
}

static void
test_one_call_at_a_time (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  set_station_and_nodes (f, &first);
  commit (f, &second);
  assert_fails (&second, G_IO_ERROR, G_IO_ERROR_PENDING, "busy");
  peer_expect (f->peer, SET_STATION_AND_NODES);
  peer_send (f->peer, FROM_LOGGER "90 TT 01 00 02 01 00 06 01");
  assert_succeeds (&first);
  g_clear_object (&f->session);
  peer_expect (f->peer, CANCEL);
}

static void
on_ended_cb (PakSettingsSession *session, GError *error, gpointer data)
{
  Outcome *outcome = data;

  outcome->error = g_error_copy (error);
  outcome->done = TRUE;
}

/* While a person thinks, the device is told to wait; a lost answer changes nothing, a refusal ends it. */
static void
test_kept_alive (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) ended = { 0 };
  g_auto (Outcome) late = { 0 };

  g_signal_connect (f->session, "ended", G_CALLBACK (on_ended_cb), &ended);
  pak_settings_session_set_refresh_interval (f->session, 20);
  for (guint i = 0; i < 3; i++)
    {
      peer_expect (f->peer, REFRESH);
      peer_send (f->peer, REFRESHED);
    }
  /* All tries of one in vain, and the next one. */
  for (guint i = 0; i < PEER_TRIES + 1; i++)
    peer_expect (f->peer, REFRESH);
  g_assert_false (ended.done);
  peer_send (f->peer, CONTROLLED ("07"));
  assert_fails (&ended, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");
  while (!peer_is_idle (f->peer))
    peer_expect (f->peer, REFRESH);

  commit (f, &late);
  assert_fails (&late, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED, "over");
}

/* As strings */

#define GET_NAMED(hex) TO_LOGGER "07 TT " hex
#define NAMED(hex)     FROM_LOGGER "87 TT " hex
#define SET_NAMED(hex) TO_LOGGER "08 TT " hex

/* "Model=CR200;PakBusAddress=1;", as in the manual. */
#define MODEL_AND_ADDRESS "4D 6F 64 65 6C 3D 43 52 32 30 30 3B 50 61 6B 42 75 73 41 64 64 72 65 73 73 3D 31 3B 00"

static void
test_parse_named (void)
{
  g_autoptr (GPtrArray) settings = pak_named_settings_parse ("Model=CR200;Url=a=b;Empty=;Odd;; Last=1 2");

  g_assert_cmpuint (settings->len, ==, 5);
  g_assert_cmpstr (pak_named_settings_find (settings, "Model"), ==, "CR200");
  g_assert_cmpstr (pak_named_settings_find (settings, "url"), ==, "a=b");
  g_assert_cmpstr (pak_named_settings_find (settings, "Empty"), ==, "");
  g_assert_cmpstr (pak_named_settings_find (settings, "Odd"), ==, "");
  g_assert_cmpstr (pak_named_settings_find (settings, "Last"), ==, "1 2");
  g_assert_null (pak_named_settings_find (settings, "Version"));
}

static void
test_get_named (Fixture *f, gconstpointer data)
{
  const char *const names[] = { "Model", "PakBusAddress", NULL };
  g_auto (Outcome) all = { 0 };
  g_auto (Outcome) some = { 0 };

  pak_settings_get_named_async (PAK_LOGGER (f->logger), NULL, NULL, on_got_named_cb, &all);
  peer_expect (f->peer, GET_NAMED ("00"));
  peer_send (f->peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&all);
  g_assert_cmpuint (all.list->len, ==, 2);
  g_assert_cmpstr (pak_named_settings_find (all.list, "PakBusAddress"), ==, "1");

  pak_settings_get_named_async (PAK_LOGGER (f->logger), names, NULL, on_got_named_cb, &some);
  peer_expect (f->peer, GET_NAMED ("4D 6F 64 65 6C 3B 50 61 6B 42 75 73 41 64 64 72 65 73 73 00"));
  peer_send (f->peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&some);
}

static void
set_named (Fixture *f, const char *text, Outcome *outcome)
{
  g_autoptr (GPtrArray) settings = pak_named_settings_parse (text);

  pak_settings_set_named_async (PAK_LOGGER (f->logger), settings, NULL, on_set_named_cb, outcome);
}

static void
test_set_named (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_named (f, "Model=CR200;PakBusAddress=1", &outcome);
  peer_expect (f->peer, SET_NAMED (MODEL_AND_ADDRESS));
  peer_send (f->peer, FROM_LOGGER "88 TT 00");
  assert_succeeds (&outcome);
  g_assert_true (outcome.succeeded);
}

static void
test_set_named_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char      *answer;
    PakSettingsError error;
    const char      *words;
  } refusals[] = {
    { FROM_LOGGER "88 TT 01 00 00", PAK_SETTINGS_ERROR_READ_ONLY, "Model: the setting is read-only" },
    { FROM_LOGGER "88 TT 02 00 0C", PAK_SETTINGS_ERROR_NO_MEMORY, "PakBusAddress: the device has no memory" },
    { FROM_LOGGER "88 TT 03 00 0B", PAK_SETTINGS_ERROR_SYNTAX, "Model: the device does not understand" },
    { FROM_LOGGER "88 TT 04 00 1B", PAK_SETTINGS_ERROR_DENIED, "PakBusAddress: access denied" },
    { FROM_LOGGER "88 TT 04 00 1C", PAK_SETTINGS_ERROR_DENIED, "Settings: access denied" },
    { FROM_LOGGER "88 TT 04", PAK_SETTINGS_ERROR_DENIED, "Settings: access denied" },
    { FROM_LOGGER "88 TT 07 00 00", PAK_SETTINGS_ERROR_OUTCOME, "Model: the device answers with outcome 7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      set_named (f, "Model=CR200;PakBusAddress=1", &outcome);
      peer_expect (f->peer, SET_NAMED (MODEL_AND_ADDRESS));
      peer_send (f->peer, refusals[i].answer);
      assert_fails (&outcome, PAK_SETTINGS_ERROR, (gint) refusals[i].error, refusals[i].words);
    }
}

static void
test_set_named_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) held = { 0 };
  g_auto (Outcome) lost = { 0 };

  set_named (f, "Model=CR200;PakBusAddress=1", &held);
  peer_expect (f->peer, SET_NAMED (MODEL_AND_ADDRESS));
  peer_expect (f->peer, GET_NAMED ("4D 6F 64 65 6C 3B 50 61 6B 42 75 73 41 64 64 72 65 73 73 00"));
  peer_send (f->peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&held);

  set_named (f, "Model=CR200", &lost);
  peer_expect (f->peer, SET_NAMED ("4D 6F 64 65 6C 3D 43 52 32 30 30 3B 00"));
  peer_expect (f->peer, GET_NAMED ("4D 6F 64 65 6C 00"));
  peer_send (f->peer, NAMED ("4D 6F 64 65 6C 3D 3B 00"));
  peer_expect (f->peer, SET_NAMED ("4D 6F 64 65 6C 3D 43 52 32 30 30 3B 00"));
  peer_send (f->peer, FROM_LOGGER "88 TT 00");
  assert_succeeds (&lost);
}

/* What cannot be said as a string is not sent. */
static void
test_set_named_impossible (Fixture *f, gconstpointer data)
{
  g_autofree char *long_value = g_strnfill (1000, 'x');
  const char *const bad[][2] = { { "A", "1;B=2" }, { "A=B", "1" }, { "", "1" }, { "A", long_value } };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GPtrArray) settings = g_ptr_array_new_with_free_func ((GDestroyNotify) pak_named_setting_free);
      g_auto (Outcome) outcome = { 0 };

      g_ptr_array_add (settings, pak_named_setting_new (bad[i][0], bad[i][1]));
      pak_settings_set_named_async (PAK_LOGGER (f->logger), settings, NULL, on_set_named_cb, &outcome);
      assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE, "cannot be");
    }
}

/* Delivery failures and echo */

static void
test_delivery_failures (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char   *answer;
    OpLoggerError error;
    const char   *words;
  } failures[] = {
    { FROM_LOGGER "81 00 01 00 01 0F EF 07 TT", OP_LOGGER_ERROR_NO_NODE, "no way to this PakBus address" },
    { FROM_LOGGER "81 00 02 00 01 0F EF 07 TT", OP_LOGGER_ERROR_UNSUPPORTED, "does not speak this protocol" },
    { FROM_LOGGER "81 00 04 00 01 0F EF 07 TT", OP_LOGGER_ERROR_UNSUPPORTED, "does not know this command" },
    { FROM_LOGGER "81 00 05 00 01 0F EF 07 TT", OP_LOGGER_ERROR_REFUSED, "could not read the command" },
    { FROM_LOGGER "81 00 06 00 01 0F EF 07 TT", OP_LOGGER_ERROR_LINK, "link on the way failed" },
    { FROM_LOGGER "81 00 09 00 01 0F EF 07 TT", OP_LOGGER_ERROR_NO_NODE, "delivery failed (code 9)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      pak_settings_get_named_async (PAK_LOGGER (f->logger), NULL, NULL, on_got_named_cb, &outcome);
      peer_expect (f->peer, GET_NAMED ("00"));
      peer_send (f->peer, failures[i].answer);
      assert_fails (&outcome, OP_LOGGER_ERROR, (gint) failures[i].error, failures[i].words);
    }
}

/* Where a queue is full the next try may find room; if none does, that is what is said. */
static void
test_delivery_queue_overflow (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_get_named_async (PAK_LOGGER (f->logger), NULL, NULL, on_got_named_cb, &outcome);
  for (guint i = 0; i < PEER_TRIES; i++)
    {
      peer_expect (f->peer, GET_NAMED ("00"));
      peer_send (f->peer, FROM_LOGGER "81 00 03 00 01 0F EF 07 TT");
    }
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED, "no room for the message");
}

#define ECHO_12 "00 01 02 03 04 05 06 07 08 09 0A 0B"

static void
test_echo (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) changed = { 0 };

  pak_echo_async (PAK_LOGGER (f->logger), 12, NULL, on_echoed_cb, &outcome);
  peer_expect (f->peer, TO_LOGGER "05 TT " ECHO_12);
  peer_send (f->peer, FROM_LOGGER "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0B");
  assert_succeeds (&outcome);
  g_assert_cmpint (outcome.echo->logger_time, ==, op_time_from_parts (0x1BFA2A61, 100000000));
  g_assert_cmpint (outcome.echo->round_trip_us, >, 0);
  g_assert_cmpuint (outcome.echo->n_bytes, ==, 12);

  pak_echo_async (PAK_LOGGER (f->logger), 12, NULL, on_echoed_cb, &changed);
  peer_expect (f->peer, TO_LOGGER "05 TT " ECHO_12);
  peer_send (f->peer, FROM_LOGGER "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0C");
  assert_fails (&changed, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA, "not the data");
}

/* Of what a logger may send by itself, the clock's notification needs no answer and a router's reset gets a refusal. */
static void
test_unasked (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  peer_send (f->peer, "8F FF 00 01 0F FF 00 01 02 00 1B FA 2A 61 05 F5 E1 00");
  peer_send (f->peer, FROM_LOGGER "02 00 1B FA 2A 61 05 F5 E1 00");
  peer_send (f->peer, FROM_LOGGER "0C 21 00 00");
  peer_expect (f->peer, "A0 01 9F EF 00 01 0F EF 81 00 04 0F EF 00 01 0C 21 00 00");

  pak_echo_async (PAK_LOGGER (f->logger), 12, NULL, on_echoed_cb, &outcome);
  peer_expect (f->peer, TO_LOGGER "05 TT " ECHO_12);
  peer_send (f->peer, FROM_LOGGER "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0B");
  assert_succeeds (&outcome);
}

#define ADD(name, setup, test) g_test_add ("/settings/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("read/all", set_up, test_read_all);
  ADD ("read/one", set_up, test_read_one);
  ADD ("read/pages-in-own-order", set_up, test_read_pages_in_own_order);
  ADD ("read/pages-without-repeating", set_up, test_read_pages_without_repeating);
  ADD ("read/pages-by-number", set_up, test_read_pages_by_number);
  ADD ("read/repeating-device", set_up, test_read_repeating_device);
  ADD ("read/long-value", set_up, test_read_long_value);
  ADD ("read/long-value-refused", set_up, test_read_long_value_refused);
  ADD ("read/refused", set_up, test_read_refused);
  ADD ("set/and-commit", set_up_session, test_set_and_commit);
  ADD ("set/refused-each-its-way", set_up_session, test_set_refused_each_its_way);
  ADD ("set/refused", set_up_session, test_set_refused);
  ADD ("set/lost-answer", set_up_session, test_set_lost_answer);
  ADD ("set/never-answered", set_up_session, test_set_never_answered);
  ADD ("set/in-fragments", set_up_session, test_set_in_fragments);
  ADD ("set/longest-in-a-packet", set_up_session, test_set_longest_in_a_packet);
  ADD ("set/fragment-refused", set_up_session, test_fragment_refused);
  ADD ("control/begin-refused", set_up, test_begin_refused);
  ADD ("control/commit-nothing", set_up_session, test_commit_nothing);
  ADD ("control/commit-lost-answer", set_up_session, test_commit_lost_answer);
  ADD ("control/commit-lost", set_up_session, test_commit_lost);
  ADD ("control/commit-forgotten", set_up_session, test_commit_forgotten);
  ADD ("control/commit-never-answered", set_up_session, test_commit_never_answered);
  ADD ("control/commit-hang-up", set_up_session, test_commit_hang_up);
  ADD ("control/revert", set_up_session, test_revert);
  ADD ("control/revert-refused", set_up_session, test_revert_refused);
  ADD ("control/cancel", set_up_session, test_cancel);
  ADD ("control/reboot", set_up_session, test_reboot);
  ADD ("control/one-call-at-a-time", set_up_session, test_one_call_at_a_time);
  ADD ("control/kept-alive", set_up_session, test_kept_alive);
  g_test_add_func ("/settings/named/parse", test_parse_named);
  ADD ("named/get", set_up, test_get_named);
  ADD ("named/set", set_up, test_set_named);
  ADD ("named/set-refused", set_up, test_set_named_refused);
  ADD ("named/set-lost-answer", set_up, test_set_named_lost_answer);
  ADD ("named/set-impossible", set_up, test_set_named_impossible);
  ADD ("delivery/failures", set_up, test_delivery_failures);
  ADD ("delivery/queue-overflow", set_up, test_delivery_queue_overflow);
  ADD ("echo/echo", set_up, test_echo);
  ADD ("unasked/unasked", set_up, test_unasked);

  return g_test_run ();
}
