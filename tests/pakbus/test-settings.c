/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Settings of a scripted logger, read by number and read and changed as strings; and what else a node answers to.
 * Bytes are written after the BMP5 manual, 2.2.5 and 2.2.6, and pakbus-facts C8 and J. Our address is 4079 = FEF, the
 * logger's is 1, the security code 0x1234.
 */

#include "settings-fixture.h"

/* Reading by number */

static void
read_all (Fixture *f, Outcome *outcome)
{
  pak_settings_read_async (PAK_LOGGER (f->base.logger), 0, G_MAXUINT16, NULL, on_read_cb, outcome);
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
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", NODES_50 STATION_LABO ROUTES_NONE));
  assert_device (&outcome, "6=50 2=LABO 48=! ");
  g_assert_cmpuint (outcome.device->device_type, ==, 12);
  g_assert_cmpuint (outcome.device->major, ==, 5);
  g_assert_null (pak_device_settings_find (outcome.device, 3));
}

static void
test_read_one (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_read_async (PAK_LOGGER (f->base.logger), 3, 3, NULL, on_read_cb, &outcome);
  peer_expect (f->base.peer, GET (" 00 03 00 03"));
  /* There are more behind it, which nobody asked for. */
  peer_send (f->base.peer, GOT ("FF", ADDRESS_1));
  assert_device (&outcome, "3=1 ");
}

/* "Begin" as the setting to go on from, in the device's order. */
static void
test_read_pages_in_own_order (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("01", NODES_50));
  peer_expect (f->base.peer, GET (" 00 06 FF FF"));
  peer_send (f->base.peer, GOT ("01", NODES_50 STATION_LABO));
  peer_expect (f->base.peer, GET (" 00 02 FF FF"));
  peer_send (f->base.peer, GOT ("00", STATION_LABO ADDRESS_1));
  assert_device (&outcome, "6=50 2=LABO 3=1 ");
}

/* Nor does one that goes by numbers leave out what it gave before. */
static void
test_read_pages_without_repeating (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("01", NODES_50 STATION_LABO));
  peer_expect (f->base.peer, GET (" 00 02 FF FF"));
  peer_send (f->base.peer, GOT ("00", STATION_LABO ROUTES_NONE));
  assert_device (&outcome, "6=50 2=LABO 48=! ");
}

/* "Begin" as the lowest number: what is below it stays to be asked for. */
static void
test_read_pages_by_number (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("01", NODES_50));
  peer_expect (f->base.peer, GET (" 00 06 FF FF"));
  peer_send (f->base.peer, GOT ("00", NODES_50 ROUTES_NONE));
  peer_expect (f->base.peer, GET (" 00 00 00 05"));
  peer_send (f->base.peer, GOT ("01", STATION_LABO));
  peer_expect (f->base.peer, GET (" 00 00 00 01"));
  peer_send (f->base.peer, GOT ("00", ""));
  peer_expect (f->base.peer, GET (" 00 03 00 05"));
  peer_send (f->base.peer, GOT ("00", ADDRESS_1));
  peer_expect (f->base.peer, GET (" 00 07 00 2F"));
  peer_send (f->base.peer, GOT ("00", ""));
  peer_expect (f->base.peer, GET (" 00 31 FF FF"));
  peer_send (f->base.peer, GOT ("00", ""));
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
      peer_expect (f->base.peer, asked[i]);
      peer_send (f->base.peer, GOT ("01", STATION_LABO));
    }
  assert_device (&outcome, "2=LABO ");
}

static void
test_read_long_value (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  read_all (f, &outcome);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", " 00 02 80 02 4C 41" ADDRESS_1));
  peer_expect (f->base.peer, TO_CONTROL "11 TT 12 34 00 02 00 00 00 02");
  peer_send (f->base.peer, FROM_CONTROL "91 TT 01 80 01 42");
  peer_expect (f->base.peer, TO_CONTROL "11 TT 12 34 00 02 00 00 00 03");
  peer_send (f->base.peer, FROM_CONTROL "91 TT 01 00 02 4F 00");
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
    { FROM_CONTROL "91 TT 02", op_logger_error_quark, OP_LOGGER_ERROR_SECURITY, "security code" },
    { FROM_CONTROL "91 TT 03", pak_settings_error_quark, PAK_SETTINGS_ERROR_UNSUPPORTED, "longer than a packet" },
    { FROM_CONTROL "91 TT 09", pak_settings_error_quark, PAK_SETTINGS_ERROR_OUTCOME, "outcome 9" },
    { FROM_CONTROL "91 TT 01 80 00", op_logger_error_quark, OP_LOGGER_ERROR_DATA, "more to come" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      read_all (f, &outcome);
      peer_expect (f->base.peer, GET (""));
      peer_send (f->base.peer, GOT ("00", " 00 02 80 02 4C 41"));
      peer_expect (f->base.peer, TO_CONTROL "11 TT 12 34 00 02 00 00 00 02");
      peer_send (f->base.peer, refusals[i].answer);
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
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, FROM_CONTROL "8F TT 02");
  assert_fails (&secured, OP_LOGGER_ERROR, OP_LOGGER_ERROR_SECURITY, "security code");

  read_all (f, &unknown);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, FROM_CONTROL "8F TT 07");
  assert_fails (&unknown, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_OUTCOME, "outcome 7");

  read_all (f, &damaged);
  peer_expect (f->base.peer, GET (""));
  peer_send (f->base.peer, GOT ("00", " 00 02 00 05 4C"));
  assert_fails (&damaged, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA, "SettingValue");
}

/* As strings */

#define GET_NAMED(hex) TO_CONTROL "07 TT " hex
#define NAMED(hex)     FROM_CONTROL "87 TT " hex
#define SET_NAMED(hex) TO_CONTROL "08 TT " hex

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

  pak_settings_get_named_async (PAK_LOGGER (f->base.logger), NULL, NULL, on_got_named_cb, &all);
  peer_expect (f->base.peer, GET_NAMED ("00"));
  peer_send (f->base.peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&all);
  g_assert_cmpuint (all.list->len, ==, 2);
  g_assert_cmpstr (pak_named_settings_find (all.list, "PakBusAddress"), ==, "1");

  pak_settings_get_named_async (PAK_LOGGER (f->base.logger), names, NULL, on_got_named_cb, &some);
  peer_expect (f->base.peer, GET_NAMED ("4D 6F 64 65 6C 3B 50 61 6B 42 75 73 41 64 64 72 65 73 73 00"));
  peer_send (f->base.peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&some);
}

static void
set_named (Fixture *f, const char *text, Outcome *outcome)
{
  g_autoptr (GPtrArray) settings = pak_named_settings_parse (text);

  pak_settings_set_named_async (PAK_LOGGER (f->base.logger), settings, NULL, on_set_named_cb, outcome);
}

static void
test_set_named (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  set_named (f, "Model=CR200;PakBusAddress=1", &outcome);
  peer_expect (f->base.peer, SET_NAMED (MODEL_AND_ADDRESS));
  peer_send (f->base.peer, FROM_CONTROL "88 TT 00");
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
    { FROM_CONTROL "88 TT 01 00 00", PAK_SETTINGS_ERROR_READ_ONLY, "Model: the setting is read-only" },
    { FROM_CONTROL "88 TT 02 00 0C", PAK_SETTINGS_ERROR_NO_MEMORY, "PakBusAddress: the device has no memory" },
    { FROM_CONTROL "88 TT 03 00 0B", PAK_SETTINGS_ERROR_SYNTAX, "Model: the device does not understand" },
    { FROM_CONTROL "88 TT 04 00 1B", PAK_SETTINGS_ERROR_DENIED, "PakBusAddress: access denied" },
    { FROM_CONTROL "88 TT 04 00 1C", PAK_SETTINGS_ERROR_DENIED, "Settings: access denied" },
    { FROM_CONTROL "88 TT 04", PAK_SETTINGS_ERROR_DENIED, "Settings: access denied" },
    { FROM_CONTROL "88 TT 07 00 00", PAK_SETTINGS_ERROR_OUTCOME, "Model: the device answers with outcome 7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      set_named (f, "Model=CR200;PakBusAddress=1", &outcome);
      peer_expect (f->base.peer, SET_NAMED (MODEL_AND_ADDRESS));
      peer_send (f->base.peer, refusals[i].answer);
      assert_fails (&outcome, PAK_SETTINGS_ERROR, (gint) refusals[i].error, refusals[i].words);
    }
}

static void
test_set_named_lost_answer (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) held = { 0 };
  g_auto (Outcome) lost = { 0 };

  set_named (f, "Model=CR200;PakBusAddress=1", &held);
  peer_expect (f->base.peer, SET_NAMED (MODEL_AND_ADDRESS));
  peer_expect (f->base.peer, GET_NAMED ("4D 6F 64 65 6C 3B 50 61 6B 42 75 73 41 64 64 72 65 73 73 00"));
  peer_send (f->base.peer, NAMED (MODEL_AND_ADDRESS));
  assert_succeeds (&held);

  set_named (f, "Model=CR200", &lost);
  peer_expect (f->base.peer, SET_NAMED ("4D 6F 64 65 6C 3D 43 52 32 30 30 3B 00"));
  peer_expect (f->base.peer, GET_NAMED ("4D 6F 64 65 6C 00"));
  peer_send (f->base.peer, NAMED ("4D 6F 64 65 6C 3D 3B 00"));
  peer_expect (f->base.peer, SET_NAMED ("4D 6F 64 65 6C 3D 43 52 32 30 30 3B 00"));
  peer_send (f->base.peer, FROM_CONTROL "88 TT 00");
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
      pak_settings_set_named_async (PAK_LOGGER (f->base.logger), settings, NULL, on_set_named_cb, &outcome);
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
    { FROM_CONTROL "81 00 01 00 01 0F EF 07 TT", OP_LOGGER_ERROR_NO_NODE, "no way to this PakBus address" },
    { FROM_CONTROL "81 00 02 00 01 0F EF 07 TT", OP_LOGGER_ERROR_UNSUPPORTED, "does not speak this protocol" },
    { FROM_CONTROL "81 00 04 00 01 0F EF 07 TT", OP_LOGGER_ERROR_UNSUPPORTED, "does not know this command" },
    { FROM_CONTROL "81 00 05 00 01 0F EF 07 TT", OP_LOGGER_ERROR_REFUSED, "could not read the command" },
    { FROM_CONTROL "81 00 06 00 01 0F EF 07 TT", OP_LOGGER_ERROR_LINK, "link on the way failed" },
    { FROM_CONTROL "81 00 09 00 01 0F EF 07 TT", OP_LOGGER_ERROR_NO_NODE, "delivery failed (code 9)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      pak_settings_get_named_async (PAK_LOGGER (f->base.logger), NULL, NULL, on_got_named_cb, &outcome);
      peer_expect (f->base.peer, GET_NAMED ("00"));
      peer_send (f->base.peer, failures[i].answer);
      assert_fails (&outcome, OP_LOGGER_ERROR, (gint) failures[i].error, failures[i].words);
    }
}

/* Where a queue is full the next try may find room; if none does, that is what is said. */
static void
test_delivery_queue_overflow (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  pak_settings_get_named_async (PAK_LOGGER (f->base.logger), NULL, NULL, on_got_named_cb, &outcome);
  for (guint i = 0; i < PEER_TRIES; i++)
    {
      peer_expect (f->base.peer, GET_NAMED ("00"));
      peer_send (f->base.peer, FROM_CONTROL "81 00 03 00 01 0F EF 07 TT");
    }
  assert_fails (&outcome, OP_LOGGER_ERROR, OP_LOGGER_ERROR_REFUSED, "no room for the message");
}

#define ECHO_12 "00 01 02 03 04 05 06 07 08 09 0A 0B"

static void
test_echo (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };
  g_auto (Outcome) changed = { 0 };

  pak_echo_async (PAK_LOGGER (f->base.logger), 12, NULL, on_echoed_cb, &outcome);
  peer_expect (f->base.peer, TO_CONTROL "05 TT " ECHO_12);
  peer_send (f->base.peer, FROM_CONTROL "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0B");
  assert_succeeds (&outcome);
  g_assert_cmpint (outcome.echo->logger_time, ==, op_time_from_parts (0x1BFA2A61, 100000000));
  g_assert_cmpint (outcome.echo->round_trip_us, >, 0);
  g_assert_cmpuint (outcome.echo->n_bytes, ==, 12);

  pak_echo_async (PAK_LOGGER (f->base.logger), 12, NULL, on_echoed_cb, &changed);
  peer_expect (f->base.peer, TO_CONTROL "05 TT " ECHO_12);
  peer_send (f->base.peer, FROM_CONTROL "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0C");
  assert_fails (&changed, OP_LOGGER_ERROR, OP_LOGGER_ERROR_DATA, "not the data");
}

/* Of what a logger may send by itself, the clock's notification needs no answer and a router's reset gets a refusal. */
static void
test_unasked (Fixture *f, gconstpointer data)
{
  g_auto (Outcome) outcome = { 0 };

  peer_send (f->base.peer, "8F FF 00 01 0F FF 00 01 02 00 1B FA 2A 61 05 F5 E1 00");
  peer_send (f->base.peer, FROM_CONTROL "02 00 1B FA 2A 61 05 F5 E1 00");
  peer_send (f->base.peer, FROM_CONTROL "0C 21 00 00");
  peer_expect (f->base.peer, "A0 01 9F EF 00 01 0F EF 81 00 04 0F EF 00 01 0C 21 00 00");

  pak_echo_async (PAK_LOGGER (f->base.logger), 12, NULL, on_echoed_cb, &outcome);
  peer_expect (f->base.peer, TO_CONTROL "05 TT " ECHO_12);
  peer_send (f->base.peer, FROM_CONTROL "85 TT 1B FA 2A 61 05 F5 E1 00 08 09 0A 0B");
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
