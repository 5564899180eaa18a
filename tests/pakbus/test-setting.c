/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Settings and their text. What the values mean is the manual's appendix C and pakbus-facts J2; the answer of a real
 * CR1000 with 72 settings is in vectors.c.
 */

#include "vectors.h"

#include "protocol/pakbus/message.h"
#include "protocol/pakbus/setting.h"

#include <string.h>

typedef struct
{
  guint16     id;
  const char *hex;
  const char *text;
} Sample;

static PakSetting *
new_setting (guint16 id, const char *hex)
{
  g_autoptr (GByteArray) bytes = pak_vector_bytes (hex);

  return pak_setting_new (id, FALSE, bytes->data, bytes->len);
}

/* Both ways. */
static const Sample samples[] = {
  { 2, "4C41424F00", "LABO" },
  { 2, "00", "" },
  { 3, "0001", "1" },
  { 4, "000100020003", "1,2,3" },
  { 1, "4500123C", "E4668" },
  { 1, "0000123C", "4668" },
  { 5, "01", "true" },
  { 5, "00", "false" },
  { 6, "0032", "50" },
  { 7, "FFFF6A00", "auto 38400" },
  { 8, "FFFE3E00", "auto 115200" },
  { 73, "0001C200", "115200" },
  { 12, "00000000", "0" },
  { 86, "FFFFFFFF", "-1" },
  { 17, "003C", "60" },
  { 37, "0001000A00140014", "(1,10)(20,20)" },
  { 47, "0001000A0014001E", "(1,10,20,30)" },
  { 48, "01080208021388", "(1,2050,2050,5000)" },
  { 50, "00004E20", "20000" },
  { 51, "302E302E302E3000", "0.0.0.0" },
  { 66, "0A0000010A000002", "10.0.0.1,10.0.0.2" },
  { 58, "616E6F6E796D6F7573002A00", "anonymous,*" },
  { 60, "FF", "255" },
  { 83, "0102", "hex:0102" },
  { 999, "0102", "hex:0102" },
};

static void
test_both_ways (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      const Sample *sample = &samples[i];
      g_autoptr (PakSetting) setting = new_setting (sample->id, sample->hex);
      g_autofree char *text = pak_setting_to_text (setting);
      g_autoptr (GError) error = NULL;
      g_autoptr (PakSetting) back = pak_setting_from_text (sample->id, sample->text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, sample->text);
      g_assert_cmpuint (back->id, ==, sample->id);
      g_assert_true (g_bytes_equal (back->value, setting->value));
    }
}

/* Only shown: bytes that are not what the type says, and none at all. */
static void
test_odd_bytes (void)
{
  static const Sample odd[] = {
    { 50, "", "" },                        { 37, "", "" },           { 3, "01", "hex:01" },
    { 3, "000001", "hex:000001" },         { 2, "4C4142", "LAB" },   { 2, "4C0042", "hex:4c0042" },
    { 2, "FFFE00", "hex:fffe00" },         { 4, "0001", "hex:0001" }, { 37, "000100", "hex:000100" },
    { 48, "0108020802138801", "hex:0108020802138801" }, { 66, "0A00", "hex:0a00" }, { 5, "FF", "true" },
    { 58, "612C6200", "hex:612c6200" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (PakSetting) setting = new_setting (odd[i].id, odd[i].hex);
      g_autofree char *text = pak_setting_to_text (setting);

      g_assert_cmpstr (text, ==, odd[i].text);
    }
}

static void
test_other_ways_to_say_it (void)
{
  static const Sample others[] = {
    { 5, "01", "TRUE" }, { 5, "01", "-1" },        { 5, "00", "0" },   { 7, "FFFF6A00", "-38400" },
    { 37, "", "" },      { 3, "0102", "hex:0102" }, { 3, "", "hex:" }, { 4, "000100020003", "1, 2, 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (PakSetting) expected = new_setting (others[i].id, others[i].hex);
      g_autoptr (GError) error = NULL;
      g_autoptr (PakSetting) setting = pak_setting_from_text (others[i].id, others[i].text, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (setting->value, expected->value));
    }
}

static void
test_refused_text (void)
{
  static const Sample bad[] = {
    { 3, NULL, "0" },        { 3, NULL, "4095" },  { 3, NULL, "one" },       { 3, NULL, "" },
    { 6, NULL, "1" },        { 49, NULL, "1001" }, { 50, NULL, "4000001" },  { 17, NULL, "65536" },
    { 60, NULL, "256" },     { 60, NULL, "-1" },   { 5, NULL, "yes" },       { 7, NULL, "fast" },
    { 7, NULL, "auto" },     { 86, NULL, "1.5" },  { 51, NULL, "10.0.0" },   { 51, NULL, "::1" },
    { 66, NULL, "1.2.3.4," }, { 4, NULL, "1,2" },  { 4, NULL, "1,2,65536" }, { 37, NULL, "1,10" },
    { 37, NULL, "(1)" },     { 37, NULL, "(1,10" }, { 48, NULL, "(256,1,1,1)" }, { 83, NULL, "12" },
    { 999, NULL, "text" },   { 3, NULL, "hex:0" }, { 3, NULL, "hex:0g" },    { 1, NULL, "E99999999" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pak_setting_from_text (bad[i].id, bad[i].text, &error));
      g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE);
    }
}

/* Appendix C: 64 bytes, of which one is the zero. */
static void
test_length_of_text (void)
{
  g_autofree char *longest = g_strnfill (63, 'x');
  g_autofree char *too_long = g_strnfill (64, 'x');
  g_autoptr (PakSetting) setting = pak_setting_from_text (2, longest, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (setting->value), ==, 64);
  g_assert_null (pak_setting_from_text (2, too_long, &error));
  g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_VALUE);
}

static void
test_names (void)
{
  static const struct
  {
    const char *text;
    guint       id;
  } names[] = {
    { "2", 2 },           { "Station Name", 2 }, { "stationname", 2 },    { "USR: Drive Size", 50 },
    { "USRDriveSize", 50 }, { "PakBus/TCP Port", 54 }, { "Setting 88", 88 }, { "60000", 60000 },
    { "BaudRate(RS232)", 7 }, { "Verify Interval SDC11", 78 }, { "neighbors-allowed-com4", 45 },
  };
  static const char *const unknown[] = { "", "Station", "Station Name 2", "65536", "-1", "Setting" };
  guint16 id;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (pak_setting_parse_name (names[i].text, &id, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (id, ==, names[i].id);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (pak_setting_parse_name (unknown[i], &id, &error));
      g_assert_error (error, PAK_SETTINGS_ERROR, PAK_SETTINGS_ERROR_UNKNOWN);
    }
}

/* Every name finds its own setting again, and no number is there twice. */
static void
test_table (void)
{
  guint n;
  const PakSettingInfo *infos = pak_setting_info_list (&n);

  for (guint i = 0; i < n; i++)
    {
      guint16 id;
      g_autofree char *name = pak_setting_dup_name (infos[i].id);

      g_assert_true (pak_setting_parse_name (name, &id, NULL));
      g_assert_cmpuint (id, ==, infos[i].id);
      g_assert_true (pak_setting_info_find (infos[i].id) == &infos[i]);
    }
}

/* The manual's appendix C and section 4.4 name eight settings: all others are inferred. */
static void
test_what_is_documented (void)
{
  static const guint documented[] = { 0, 1, 2, 3, 4, 6, 49, 50 };
  guint n, n_documented = 0;
  const PakSettingInfo *infos = pak_setting_info_list (&n);

  for (guint i = 0; i < n; i++)
    {
      gboolean is_documented = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (documented); j++)
        is_documented |= infos[i].id == documented[j];
      g_assert_cmpint (infos[i].inferred, ==, !is_documented);
      n_documented += is_documented;
    }
  g_assert_cmpuint (n_documented, ==, G_N_ELEMENTS (documented));
}

/* Each of the 72 values of a real logger comes back from its text as it was. */
static void
test_real_logger (void)
{
  g_autoptr (PakMessage) message = NULL;
  guint n_shown = 0;

  for (guint i = 0; i < pak_n_vectors; i++)
    if (strcmp (pak_vectors[i].name, "pyc_devconfig_get_resp_rx") == 0)
      {
        g_autoptr (GByteArray) body = pak_vector_body (&pak_vectors[i]);

        message = pak_message_decode (PAK_PROTOCOL_PAKCTRL, body->data + 8, body->len - 8, NULL);
      }
  g_assert_nonnull (message);
  g_assert_cmpuint (pak_message_get_n_groups (message, "Settings"), ==, 72);
  for (guint i = 0; i < 72; i++)
    {
      const PakMessage *group = pak_message_get_group (message, "Settings", i);
      guint16 id = (guint16) pak_message_get_uint (group, "SettingId");
      const PakSettingInfo *info = pak_setting_info_find (id);
      gsize length;
      const guint8 *bytes = pak_message_get_bytes (group, "SettingValue", &length);
      g_autoptr (PakSetting) setting = pak_setting_new (id, FALSE, bytes, length);
      g_autofree char *text = pak_setting_to_text (setting);
      g_autoptr (PakSetting) back = NULL;
      g_autoptr (GError) error = NULL;

      if (info != NULL)
        g_assert_cmpint (info->read_only, ==, pak_message_get_uint (group, "ReadOnly") != 0);
      if (info != NULL && info->type != PAK_SETTING_BYTES)
        {
          g_assert_false (g_str_has_prefix (text, "hex:"));
          n_shown++;
        }
      if (length == 0)
        continue;
      back = pak_setting_from_text (id, text, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (back->value, setting->value));
    }
  g_assert_cmpuint (n_shown, ==, 66);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setting/both-ways", test_both_ways);
  g_test_add_func ("/setting/odd-bytes", test_odd_bytes);
  g_test_add_func ("/setting/other-ways-to-say-it", test_other_ways_to_say_it);
  g_test_add_func ("/setting/refused-text", test_refused_text);
  g_test_add_func ("/setting/length-of-text", test_length_of_text);
  g_test_add_func ("/setting/names", test_names);
  g_test_add_func ("/setting/table", test_table);
  g_test_add_func ("/setting/what-is-documented", test_what_is_documented);
  g_test_add_func ("/setting/real-logger", test_real_logger);
  return g_test_run ();
}
