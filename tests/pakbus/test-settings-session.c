/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Settings of a scripted logger that are changed by number, and take effect once they are committed. Bytes are written
 * after the BMP5 manual, 2.2.6, and pakbus-facts J.
 */

#include "settings-fixture.h"

#include <string.h>

#define SET(settings) TO_CONTROL "10 TT 12 34 " settings
#define REFRESH       CONTROL ("04")
#define REFRESHED     CONTROLLED ("06")
#define COMMIT        CONTROL ("01")

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
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 02 01 00 06 01");
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
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 02 01 00 06 01");
  assert_succeeds (&set);
  g_assert_cmpuint (set.list->len, ==, 2);
  g_assert_cmpuint (get_outcome (&set, 0)->id, ==, 2);
  g_assert_no_error (get_outcome (&set, 0)->error);
  g_assert_no_error (get_outcome (&set, 1)->error);

  pak_settings_session_commit_async (f->session, NULL, on_committed_cb, &committed);
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("01"));
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
  peer_expect (f->base.peer, SET ("00 02 00 01 00 00 03 00 02 00 01 00 05 00 01 01 00 06 00 02 00 32"
                             " 00 54 00 01 01 00 55 00 01 01"));
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 02 02 00 03 03 00 05 04 00 06 05 00 54 09");
  assert_succeeds (&outcome);
  g_assert_cmpuint (outcome.list->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_error (get_outcome (&outcome, i)->error, PAK_SETTINGS_ERROR, (gint) expected[i].error);
      g_assert_nonnull (strstr (get_outcome (&outcome, i)->error->message, expected[i].words));
    }

  pak_settings_session_cancel_async (f->session, NULL, on_cancelled_cb, &left);
  peer_expect (f->base.peer, CANCEL);
  peer_send (f->base.peer, CONTROLLED ("03"));
  assert_succeeds (&left);
}

/* Refusals of the whole command. Afterwards the session goes on. */
static void
test_set_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) secured = { 0 };
  g_auto (Outcome) taken = { 0 };

  set_station_and_nodes (f, &secured);
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  set_station_and_nodes (f, &taken);
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 03");
  assert_fails (&taken, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
}

/* The answer is lost: what is held is not set again, the rest is. */
static void
test_set_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_station_and_nodes (f, &outcome);
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", STATION_LABO " 00 06 00 02 00 64"));
  peer_expect (f->base.peer, SET ("00 06 00 02 00 32"));
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 06 01");
  assert_succeeds (&outcome);
  g_assert_cmpuint (outcome.list->len, ==, 2);
  g_assert_no_error (get_outcome (&outcome, 0)->error);
  g_assert_no_error (get_outcome (&outcome, 1)->error);

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
}

static void
test_set_never_answered (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_station_and_nodes (f, &outcome);
  for (guint i = 0; i < 3; i++)
    {
      peer_expect (f->base.peer, SET_STATION_AND_NODES);
      peer_expect (f->base.peer, GET (""));
      peer_send (f->base.peer, GOT ("00", ADDRESS_1));
    }
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE, "not done");

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
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
  g_autoptr (GString) hex = g_string_new (TO_CONTROL "12 TT 12 34 00 38 ");

  g_string_append (hex, head);
  for (gsize i = 0; i < length; i++)
    g_string_append (hex, " 55");
  peer_expect (f->base.peer, hex->str);
}

static void
test_set_in_fragments (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  guint8 number;

  set_long_value (f, &outcome, 1000);
  expect_fragment (f, "00 00 00 00 83 DC", 988);
  peer_send (f->base.peer, FROM_CONTROL "92 TT 01");
  expect_fragment (f, "00 00 03 DC 00 0C", 12);
  number = f->base.peer->number;
  /* Without an answer the same comes again, with its number. */
  expect_fragment (f, "00 00 03 DC 00 0C", 12);
  g_assert_cmpuint (f->base.peer->number, ==, number);
  peer_send (f->base.peer, FROM_CONTROL "92 TT 01");
  peer_expect (f->base.peer, SET ("00 03 00 02 00 01"));
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 03 01");
  assert_succeeds (&outcome);
  g_assert_no_error (get_outcome (&outcome, 0)->error);
  g_assert_no_error (get_outcome (&outcome, 1)->error);

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
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
  peer_expect (f->base.peer, hex->str);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 38 01");
  peer_expect (f->base.peer, SET ("00 03 00 02 00 01"));
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 03 01");
  assert_succeeds (&outcome);

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
}

static void
test_fragment_refused (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char      *answer;
    PakSettingsError error;
  } refusals[] = {
    { FROM_CONTROL "92 TT 03", PAK_SETTINGS_ERROR_UNKNOWN },
    { FROM_CONTROL "92 TT 04", PAK_SETTINGS_ERROR_VALUE },
    { FROM_CONTROL "92 TT 05", PAK_SETTINGS_ERROR_READ_ONLY },
    { FROM_CONTROL "92 TT 06", PAK_SETTINGS_ERROR_NO_MEMORY },
    { FROM_CONTROL "92 TT 07", PAK_SETTINGS_ERROR_UNSUPPORTED },
  };
  g_auto (Outcome) secured = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      set_long_value (f, &outcome, 1000);
      expect_fragment (f, "00 00 00 00 83 DC", 988);
      peer_send (f->base.peer, refusals[i].answer);
      peer_expect (f->base.peer, SET ("00 03 00 02 00 01"));
      peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 03 01");
      assert_succeeds (&outcome);
      g_assert_error (get_outcome (&outcome, 0)->error, PAK_SETTINGS_ERROR, (gint) refusals[i].error);
      g_assert_no_error (get_outcome (&outcome, 1)->error);
    }
  set_long_value (f, &secured, 1000);
  expect_fragment (f, "00 00 00 00 83 DC", 988);
  peer_send (f->base.peer, FROM_CONTROL "92 TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
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
    { FROM_CONTROL "81 00 04 00 01 0F EF 13 TT", op_logger_error_quark, OP_LOGGER_ERROR_UNSUPPORTED, "does not know" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      pak_settings_session_begin_async (PAK_LOGGER (f->base.logger), NULL, on_begun_cb, &outcome);
      peer_expect (f->base.peer, CANCEL);
      peer_send (f->base.peer, refusals[i].answer);
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
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("03"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_NO_CHANGES, "no changes");
}

/* The first one arrived, its answer did not: what was set is there. */
static void
test_commit_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->base.peer, COMMIT);
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("03"));
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", STATION_LABO NODES_50));
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
  peer_expect (f->base.peer, COMMIT);
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("01"));
  assert_succeeds (&outcome);
}

static void
test_commit_forgotten (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("03"));
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", STATION_LABO " 00 06 00 02 00 64"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED, "forgot");
}

static void
test_commit_never_answered (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  for (guint i = 0; i < 3; i++)
    peer_expect (f->base.peer, COMMIT);
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_UNCERTAIN, "does not show whether");
}

static void
test_commit_hang_up (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  commit (f, &outcome);
  peer_expect (f->base.peer, COMMIT);
  op_transport_close (f->base.peer->far_end);
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK, "link ended");
}

static void
test_revert (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) reverted = { 0 };
  g_auto (Outcome) committed = { 0 };

  stage_station_and_nodes (f);
  pak_settings_session_revert_async (f->session, NULL, on_reverted_cb, &reverted);
  peer_expect (f->base.peer, CONTROL ("03"));
  peer_send (f->base.peer, CONTROLLED ("05"));
  assert_succeeds (&reverted);
  g_assert_true (reverted.succeeded);

  /* What was set before is no longer what the device should hold. */
  commit (f, &committed);
  peer_expect (f->base.peer, COMMIT);
  peer_expect (f->base.peer, COMMIT);
  peer_send (f->base.peer, CONTROLLED ("03"));
  assert_succeeds (&committed);
}

static void
test_revert_refused (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_session_revert_async (f->session, NULL, on_reverted_cb, &outcome);
  peer_expect (f->base.peer, CONTROL ("03"));
  peer_send (f->base.peer, CONTROLLED ("07"));
  assert_fails (&outcome, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");
  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  stage_station_and_nodes (f);
  pak_settings_session_cancel_async (f->session, NULL, on_cancelled_cb, &outcome);
  peer_expect (f->base.peer, CANCEL);
  peer_send (f->base.peer, CONTROLLED ("04"));
  assert_succeeds (&outcome);
}

/* A restart must not be asked for twice. */
static void
test_reboot (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_session_reboot_async (f->session, NULL, on_rebooted_cb, &outcome);
  peer_expect (f->base.peer, CONTROL ("05"));
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER, "does not answer");
  g_assert_true (peer_is_idle (f->base.peer));
}

static void
test_one_call_at_a_time (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };

  set_station_and_nodes (f, &first);
  commit (f, &second);
  assert_fails (&second, G_IO_ERROR, G_IO_ERROR_PENDING, "busy");
  peer_expect (f->base.peer, SET_STATION_AND_NODES);
  peer_send (f->base.peer, FROM_CONTROL "90 TT 01 00 02 01 00 06 01");
  assert_succeeds (&first);
  g_clear_object (&f->session);
  peer_expect (f->base.peer, CANCEL);
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
      peer_expect (f->base.peer, REFRESH);
      peer_send (f->base.peer, REFRESHED);
    }
  /* All tries of one in vain, and the next one. */
  for (guint i = 0; i < PEER_TRIES + 1; i++)
    peer_expect (f->base.peer, REFRESH);
  g_assert_false (ended.done);
  peer_send (f->base.peer, CONTROLLED ("07"));
  assert_fails (&ended, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OTHER_CLIENT, "another program");
  while (!peer_is_idle (f->base.peer))
    peer_expect (f->base.peer, REFRESH);

  commit (f, &late);
  assert_fails (&late, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_ENDED, "over");
}

#define ADD(name, setup, test) g_test_add ("/settings/" name, Fixture, NULL, setup, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

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

  return g_test_run ();
}
