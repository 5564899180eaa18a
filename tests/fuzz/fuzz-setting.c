/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/pak-settings.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* What is told of a setting and can be set is then told alike. */
static void
check_setting (guint16 id, const guint8 *bytes, gsize length)
{
  g_autoptr (PakSetting) setting = pak_setting_new (id, FALSE, bytes, length);
  g_autofree char *text = pak_setting_to_text (setting);
  g_autoptr (GError) error = NULL;
  g_autoptr (PakSetting) again = pak_setting_from_text (id, text, &error);
  g_autofree char *text_again = again != NULL ? pak_setting_to_text (again) : NULL;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (again == NULL, ==, error != NULL);
  if (again != NULL)
    g_assert_cmpstr (text_again, ==, text);
}

/* Anything may be typed in. */
static void
check_text (guint16 id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PakSetting) setting = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return;
  setting = pak_setting_from_text (id, text, &error);
  g_assert_cmpint (setting == NULL, ==, error != NULL);
}

static void
check_named (const char *text)
{
  g_autoptr (GPtrArray) settings = pak_named_settings_parse (text);

  for (guint i = 0; i < settings->len; i++)
    {
      const PakNamedSetting *setting = g_ptr_array_index (settings, i);

      g_assert_nonnull (setting->value);
      g_assert_null (strchr (setting->name, '='));
    }
}

/* Two bytes of the setting's number, then its value, or what somebody says of it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = NULL;
  guint16 id;

  if (size < 2)
    return 0;
  id = (guint16) (data[0] << 8 | data[1]);
  text = g_strndup ((const char *) data + 2, size - 2);
  check_setting (id, data + 2, size - 2);
  check_text (id, text);
  check_named (text);
  return 0;
}

static void
add_seed (GPtrArray *seeds, guint16 id, const guint8 *value, gsize length)
{
  const guint8 number[] = { id >> 8, id & 0xFF };
  GByteArray *seed = g_byte_array_new ();

  g_byte_array_append (seed, number, sizeof number);
  g_byte_array_append (seed, value, (guint) length);
  g_ptr_array_add (seeds, seed);
}

/* Of each setting that is known: bytes of several lengths, and what people may say. */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const guint8 bytes[] = { 0x45, 0x00, 0x12, 0x3C, 'a', 0, '*', 0, 1, 8, 2, 8, 2, 0x13, 0x88, 0 };
  static const guint8 lengths[] = { 1, 2, 4, 6, 7, 8, 16 };
  static const char *const texts[] = { "(1,10)(20,20)", "auto 38400", "10.0.0.1,10.0.0.2", "E4668", "1,2,3",
                                       "hex:0102", "-1", "true", "Model=CR200;MaxPktSize=100;" };
  guint n;
  const PakSettingInfo *infos = pak_setting_info_list (&n);

  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (lengths); j++)
        add_seed (seeds, infos[i].id, bytes, lengths[j]);
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        add_seed (seeds, infos[i].id, (const guint8 *) texts[j], strlen (texts[j]));
    }
}
