/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pakbus/vectors.h"

/*
 * Frames of the manual and of captured traffic, each with where it comes from and what it means. The meaning was
 * worked out from the manual and the sources named, not by the code under test.
 *
 * Fields, one a line: "u NAME NUMBER", "t NAME SECONDS NANOSECONDS", "s NAME TEXT", "n NAME BYTES" (their
 * number), "x NAME HEX", "g NAME ELEMENTS", "- NAME" (is not there); NAME may be GROUP/INDEX/NAME.
 */
const PakVector pak_vectors[] = {
  {
    .name = "manual_ring",
    .source = "BMP5 Transparent Commands Manual Rev 9/08",
    .hex = "BD90010FFE71D2BD",
    .has_nullifier = TRUE,
    .nullifier = 0x71D2,
    .packet = { .link_state = 0x9, .dst_phy = 1, .expect_more = 0, .priority = 0, .src_phy = 4094, .capabilities = 0 },
  },
  {
    .name = "manual_clock_check_cmd",
    .source = "BMP5 Transparent Commands Manual Rev 9/08",
    .hex = "BDA0014FFE10010FFE171700000000000000000000B2B3BD",
    .has_nullifier = TRUE,
    .nullifier = 0xB2B3,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 1, .priority = 0, .src_phy = 4094, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 4094,
                .type = 0x17, .transaction = 23, .length = 12 },
    .fields = "u SecurityCode 0\nt Adjustment 0 0\n",
  },
  {
    .name = "manual_clock_response",
    .source = "BMP5 Transparent Commands Manual Rev 9/08",
    .hex = "BDAFFE00011FFE00019717001BFA2A61C800000004FABD",
    .has_nullifier = TRUE,
    .nullifier = 0x04FA,
    .packet = { .link_state = 0xA, .dst_phy = 4094, .expect_more = 0, .priority = 0, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 4094, .hop_count = 0, .src_node = 1,
                .type = 0x97, .transaction = 23, .length = 11 },
    .fields = "u RespCode 0\nt OldTime 469379681 0\n",
  },
  {
    .name = "manual_upload_tdf_resp",
    .source = "BMP5 Transparent Commands Manual Rev 9/08",
    .hex = "BDA0040001100400019D1D00000000000153746174757300000000010C000000000000000000000000000000008B4F53"
           "76657273696F6E0000000000000000010000000800000008000000008B4F53446174650000000000000000010000000A"
           "0000000A000000008B50726F674E616D650000000000000000010000001000000010000000009550726F675369670000"
           "F167BD",
    .has_nullifier = TRUE,
    .nullifier = 0xF167,
    .packet = { .link_state = 0xA, .dst_phy = 4, .expect_more = 0, .priority = 0, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 4, .hop_count = 0, .src_node = 1,
                .type = 0x9d, .transaction = 29, .length = 135 },
    .fields = "u RespCode 0\nu FileOffset 0\nn FileData 128\n",
  },
  {
    .name = "pyc_hello_cmd",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "9001580200010802090100020708",
    .has_nullifier = FALSE,
    .nullifier = 0xF686,
    .packet = { .link_state = 0x9, .dst_phy = 1, .expect_more = 1, .priority = 1, .src_phy = 2050, .capabilities = 5,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x09, .transaction = 1, .length = 6 },
    .fields = "u IsRouter 0\nu HopMetric 2\nu VerifyIntv 1800\n",
  },
  {
    .name = "pyc_hello_resp_sent",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A001980200010802890100020708",
    .has_nullifier = FALSE,
    .nullifier = 0xF22A,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 2, .priority = 1, .src_phy = 2050, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x89, .transaction = 1, .length = 6 },
    .fields = "u IsRouter 0\nu HopMetric 2\nu VerifyIntv 1800\n",
  },
  {
    .name = "pyc_devconfig_get_cmd_noSec",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A0019802000108020F02",
    .has_nullifier = FALSE,
    .nullifier = 0x1C6C,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 2, .priority = 1, .src_phy = 2050, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x0f, .transaction = 2, .length = 2 },
    .fields = "- SecurityCode\n- BeginSettingId\n- EndSettingId\n",
  },
  {
    .name = "pyc_clock_check",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A001980210010802170400000000000000000000",
    .has_nullifier = FALSE,
    .nullifier = 0x5827,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 2, .priority = 1, .src_phy = 2050, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x17, .transaction = 4, .length = 12 },
    .fields = "u SecurityCode 0\nt Adjustment 0 0\n",
  },
  {
    .name = "pyc_progstat_cmd",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A00198021001080218050000",
    .has_nullifier = FALSE,
    .nullifier = 0x4B81,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 2, .priority = 1, .src_phy = 2050, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x18, .transaction = 5, .length = 4 },
    .fields = "u SecurityCode 0\n",
  },
  {
    .name = "pyc_upload_cmd",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A0019802100108021D06000046696C656E616D650001000000000200",
    .has_nullifier = FALSE,
    .nullifier = 0x5147,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 2, .priority = 1, .src_phy = 2050, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x1d, .transaction = 6, .length = 20 },
    .fields = "u SecurityCode 0\ns FileName Filename\nu CloseFlag 1\nu FileOffset 0\nu Swath 512\n",
  },
  {
    .name = "pyc_upload_resp_empty",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py test_compute_signature",
    .hex = "A8021001180200019D050D0000006C8E14",
    .has_nullifier = TRUE,
    .nullifier = 0x8E14,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x9d, .transaction = 5, .length = 7 },
    .fields = "u RespCode 13\nu FileOffset 108\nn FileData 0\n",
  },
  {
    .name = "pyc_hello_resp_rx",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A80210010802000189020001FFFF2457",
    .has_nullifier = TRUE,
    .nullifier = 0x2457,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x89, .transaction = 2, .length = 6 },
    .fields = "u IsRouter 0\nu HopMetric 1\nu VerifyIntv 65535\n",
  },
  {
    .name = "pyc_clock_resp_rx",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py",
    .hex = "A8021001180200019705002A72730A3B0233808D6D",
    .has_nullifier = TRUE,
    .nullifier = 0x8D6D,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x97, .transaction = 5, .length = 11 },
    .fields = "u RespCode 0\nt OldTime 712143626 990000000\n",
  },
  {
    .name = "pyc_tdf_resp_rx_512",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py test_collectdata_response",
    .hex = "A8021001180200019D0600000000000153746174757300000000010E000000000000000000000000000000008B4F5356"
           "657273696F6E0000000000000000010000002000000020000000008B4F53446174650000000000000000010000000800"
           "00000800000000864F535369676E617475726500000000000000000100000001000000008B53657269616C4E756D6265"
           "720000000000000000010000000800000008000000008B526576426F6172640000000000000000010000000800000008"
           "000000000B53746174696F6E4E616D650000000000000000010000004000000040000000000650616B42757341646472"
           "65737300000000000000000100000001000000008B50726F674E616D6500000000000000000100000040000000400000"
           "00008E537461727454696D650000006461746500000000000100000001000000008652756E5369676E61747572650000"
           "0000000000000100000001000000008650726F675369676E617475726500000000000000000100000001000000008942"
           "617474657279000000566F6C747300000000000100000001000000008950616E656C54656D7000000044656743000000"
           "0000010000000100000000065761746368646F674572726F72730000000000000000010000000100000000894C697468"
           "69756D426174746572790000000000000000010000000100000000064C6F77313256436F756E7400000000000000002A"
           "3E",
    .has_nullifier = TRUE,
    .nullifier = 0x2A3E,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x9d, .transaction = 6, .length = 519 },
    .fields = "u RespCode 0\nu FileOffset 0\nn FileData 512\n",
  },
  {
    .name = "pyc_devconfig_get_resp_rx",
    .source = "LionelDarras/PyCampbellCR1000 pycampbellcr1000/tests/test_1_pakbus.py test_getsettings_response",
    .hex = "A8021001080200018F0501000C0500010000400E4352313030302E5374642E323400000140044500123C000200054C41"
           "424F000003000200010004000600000000000000560004FFFFFFFF00050001000006000200320053000000070004FFFF"
           "6A0000080004FFFE3E00004900040001C200000C000400000000000D000400000000000E000400000000000F00040000"
           "0000001100020000001200020000001400020000001500020000004A00020000004B0002000000160002000000170002"
           "0000001800020000001900020000001B00020000001C00020000001E00020000001F00020000004D00020000004E0002"
           "000000200002000000210002000000220002000000230002000000250000002600000028000000290000005000000051"
           "0000002A0000002B0000002C0000002D0000002F00000030400701080208021388003700040000000000320000005400"
           "01000031000203E8003D0005000000000000330008302E302E302E30000035000E3235352E3235352E3235352E300000"
           "340008302E302E302E300000590008302E302E302E3000005B000E3235352E3235352E3235352E3000005A0008302E30"
           "2E302E30000042000800000000000000000038001500302E302E302E300000000000434F4E4E45435400003600021A81"
           "004100000055000100003F00020050004000020015003A000C616E6F6E796D6F7573002A00003C0001FF005700020000"
           "0058000300000000390003000000003B4001005D1B",
    .has_nullifier = TRUE,
    .nullifier = 0x5D1B,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x8f, .transaction = 5, .length = 539 },
    .fields = "u Outcome 1\nu DeviceType 12\nu MajorVersion 5\nu MinorVersion 0\nu MoreSettings 1\n"
              "g Settings 72\nu Settings/0/SettingId 0\nu Settings/0/LargeValue 0\nu Settings/0/ReadOnly 1\n"
              "u Settings/0/SettingLen 14\nx Settings/0/SettingValue 4352313030302E5374642E323400\n"
              "u Settings/1/SettingId 1\nu Settings/1/LargeValue 0\nu Settings/1/ReadOnly 1\n"
              "u Settings/1/SettingLen 4\nx Settings/1/SettingValue 4500123C\nu Settings/2/SettingId 2\n"
              "u Settings/2/LargeValue 0\nu Settings/2/ReadOnly 0\nu Settings/2/SettingLen 5\n"
              "x Settings/2/SettingValue 4C41424F00\nu Settings/3/SettingId 3\nu Settings/3/LargeValue 0\n"
              "u Settings/3/ReadOnly 0\nu Settings/3/SettingLen 2\nx Settings/3/SettingValue 0001\n"
              "u Settings/4/SettingId 4\nu Settings/4/LargeValue 0\nu Settings/4/ReadOnly 0\n"
              "u Settings/4/SettingLen 6\nx Settings/4/SettingValue 000000000000\nu Settings/5/SettingId 86\n"
              "u Settings/5/LargeValue 0\nu Settings/5/ReadOnly 0\nu Settings/5/SettingLen 4\n"
              "x Settings/5/SettingValue FFFFFFFF\nu Settings/6/SettingId 5\nu Settings/6/LargeValue 0\n"
              "u Settings/6/ReadOnly 0\nu Settings/6/SettingLen 1\nx Settings/6/SettingValue 00\n"
              "u Settings/7/SettingId 6\nu Settings/7/LargeValue 0\nu Settings/7/ReadOnly 0\n"
              "u Settings/7/SettingLen 2\nx Settings/7/SettingValue 0032\nu Settings/8/SettingId 83\n"
              "u Settings/8/LargeValue 0\nu Settings/8/ReadOnly 0\nu Settings/8/SettingLen 0\n"
              "x Settings/8/SettingValue \nu Settings/9/SettingId 7\nu Settings/9/LargeValue 0\n"
              "u Settings/9/ReadOnly 0\nu Settings/9/SettingLen 4\nx Settings/9/SettingValue FFFF6A00\n"
              "u Settings/10/SettingId 8\nu Settings/10/LargeValue 0\nu Settings/10/ReadOnly 0\n"
              "u Settings/10/SettingLen 4\nx Settings/10/SettingValue FFFE3E00\nu Settings/11/SettingId 73\n"
              "u Settings/11/LargeValue 0\nu Settings/11/ReadOnly 0\nu Settings/11/SettingLen 4\n"
              "x Settings/11/SettingValue 0001C200\nu Settings/12/SettingId 12\nu Settings/12/LargeValue 0\n"
              "u Settings/12/ReadOnly 0\nu Settings/12/SettingLen 4\nx Settings/12/SettingValue 00000000\n"
              "u Settings/13/SettingId 13\nu Settings/13/LargeValue 0\nu Settings/13/ReadOnly 0\n"
              "u Settings/13/SettingLen 4\nx Settings/13/SettingValue 00000000\nu Settings/14/SettingId 14\n"
              "u Settings/14/LargeValue 0\nu Settings/14/ReadOnly 0\nu Settings/14/SettingLen 4\n"
              "x Settings/14/SettingValue 00000000\nu Settings/15/SettingId 15\nu Settings/15/LargeValue 0\n"
              "u Settings/15/ReadOnly 0\nu Settings/15/SettingLen 4\nx Settings/15/SettingValue 00000000\n"
              "u Settings/16/SettingId 17\nu Settings/16/LargeValue 0\nu Settings/16/ReadOnly 0\n"
              "u Settings/16/SettingLen 2\nx Settings/16/SettingValue 0000\nu Settings/17/SettingId 18\n"
              "u Settings/17/LargeValue 0\nu Settings/17/ReadOnly 0\nu Settings/17/SettingLen 2\n"
              "x Settings/17/SettingValue 0000\nu Settings/18/SettingId 20\nu Settings/18/LargeValue 0\n"
              "u Settings/18/ReadOnly 0\nu Settings/18/SettingLen 2\nx Settings/18/SettingValue 0000\n"
              "u Settings/19/SettingId 21\nu Settings/19/LargeValue 0\nu Settings/19/ReadOnly 0\n"
              "u Settings/19/SettingLen 2\nx Settings/19/SettingValue 0000\nu Settings/20/SettingId 74\n"
              "u Settings/20/LargeValue 0\nu Settings/20/ReadOnly 0\nu Settings/20/SettingLen 2\n"
              "x Settings/20/SettingValue 0000\nu Settings/21/SettingId 75\nu Settings/21/LargeValue 0\n"
              "u Settings/21/ReadOnly 0\nu Settings/21/SettingLen 2\nx Settings/21/SettingValue 0000\n"
              "u Settings/22/SettingId 22\nu Settings/22/LargeValue 0\nu Settings/22/ReadOnly 0\n"
              "u Settings/22/SettingLen 2\nx Settings/22/SettingValue 0000\nu Settings/23/SettingId 23\n"
              "u Settings/23/LargeValue 0\nu Settings/23/ReadOnly 0\nu Settings/23/SettingLen 2\n"
              "x Settings/23/SettingValue 0000\nu Settings/24/SettingId 24\nu Settings/24/LargeValue 0\n"
              "u Settings/24/ReadOnly 0\nu Settings/24/SettingLen 2\nx Settings/24/SettingValue 0000\n"
              "u Settings/25/SettingId 25\nu Settings/25/LargeValue 0\nu Settings/25/ReadOnly 0\n"
              "u Settings/25/SettingLen 2\nx Settings/25/SettingValue 0000\nu Settings/26/SettingId 27\n"
              "u Settings/26/LargeValue 0\nu Settings/26/ReadOnly 0\nu Settings/26/SettingLen 2\n"
              "x Settings/26/SettingValue 0000\nu Settings/27/SettingId 28\nu Settings/27/LargeValue 0\n"
              "u Settings/27/ReadOnly 0\nu Settings/27/SettingLen 2\nx Settings/27/SettingValue 0000\n"
              "u Settings/28/SettingId 30\nu Settings/28/LargeValue 0\nu Settings/28/ReadOnly 0\n"
              "u Settings/28/SettingLen 2\nx Settings/28/SettingValue 0000\nu Settings/29/SettingId 31\n"
              "u Settings/29/LargeValue 0\nu Settings/29/ReadOnly 0\nu Settings/29/SettingLen 2\n"
              "x Settings/29/SettingValue 0000\nu Settings/30/SettingId 77\nu Settings/30/LargeValue 0\n"
              "u Settings/30/ReadOnly 0\nu Settings/30/SettingLen 2\nx Settings/30/SettingValue 0000\n"
              "u Settings/31/SettingId 78\nu Settings/31/LargeValue 0\nu Settings/31/ReadOnly 0\n"
              "u Settings/31/SettingLen 2\nx Settings/31/SettingValue 0000\nu Settings/32/SettingId 32\n"
              "u Settings/32/LargeValue 0\nu Settings/32/ReadOnly 0\nu Settings/32/SettingLen 2\n"
              "x Settings/32/SettingValue 0000\nu Settings/33/SettingId 33\nu Settings/33/LargeValue 0\n"
              "u Settings/33/ReadOnly 0\nu Settings/33/SettingLen 2\nx Settings/33/SettingValue 0000\n"
              "u Settings/34/SettingId 34\nu Settings/34/LargeValue 0\nu Settings/34/ReadOnly 0\n"
              "u Settings/34/SettingLen 2\nx Settings/34/SettingValue 0000\nu Settings/35/SettingId 35\n"
              "u Settings/35/LargeValue 0\nu Settings/35/ReadOnly 0\nu Settings/35/SettingLen 2\n"
              "x Settings/35/SettingValue 0000\nu Settings/36/SettingId 37\nu Settings/36/LargeValue 0\n"
              "u Settings/36/ReadOnly 0\nu Settings/36/SettingLen 0\nx Settings/36/SettingValue \n"
              "u Settings/37/SettingId 38\nu Settings/37/LargeValue 0\nu Settings/37/ReadOnly 0\n"
              "u Settings/37/SettingLen 0\nx Settings/37/SettingValue \nu Settings/38/SettingId 40\n"
              "u Settings/38/LargeValue 0\nu Settings/38/ReadOnly 0\nu Settings/38/SettingLen 0\n"
              "x Settings/38/SettingValue \nu Settings/39/SettingId 41\nu Settings/39/LargeValue 0\n"
              "u Settings/39/ReadOnly 0\nu Settings/39/SettingLen 0\nx Settings/39/SettingValue \n"
              "u Settings/40/SettingId 80\nu Settings/40/LargeValue 0\nu Settings/40/ReadOnly 0\n"
              "u Settings/40/SettingLen 0\nx Settings/40/SettingValue \nu Settings/41/SettingId 81\n"
              "u Settings/41/LargeValue 0\nu Settings/41/ReadOnly 0\nu Settings/41/SettingLen 0\n"
              "x Settings/41/SettingValue \nu Settings/42/SettingId 42\nu Settings/42/LargeValue 0\n"
              "u Settings/42/ReadOnly 0\nu Settings/42/SettingLen 0\nx Settings/42/SettingValue \n"
              "u Settings/43/SettingId 43\nu Settings/43/LargeValue 0\nu Settings/43/ReadOnly 0\n"
              "u Settings/43/SettingLen 0\nx Settings/43/SettingValue \nu Settings/44/SettingId 44\n"
              "u Settings/44/LargeValue 0\nu Settings/44/ReadOnly 0\nu Settings/44/SettingLen 0\n"
              "x Settings/44/SettingValue \nu Settings/45/SettingId 45\nu Settings/45/LargeValue 0\n"
              "u Settings/45/ReadOnly 0\nu Settings/45/SettingLen 0\nx Settings/45/SettingValue \n"
              "u Settings/46/SettingId 47\nu Settings/46/LargeValue 0\nu Settings/46/ReadOnly 0\n"
              "u Settings/46/SettingLen 0\nx Settings/46/SettingValue \nu Settings/47/SettingId 48\n"
              "u Settings/47/LargeValue 0\nu Settings/47/ReadOnly 1\nu Settings/47/SettingLen 7\n"
              "x Settings/47/SettingValue 01080208021388\nu Settings/48/SettingId 55\n"
              "u Settings/48/LargeValue 0\nu Settings/48/ReadOnly 0\nu Settings/48/SettingLen 4\n"
              "x Settings/48/SettingValue 00000000\nu Settings/49/SettingId 50\nu Settings/49/LargeValue 0\n"
              "u Settings/49/ReadOnly 0\nu Settings/49/SettingLen 0\nx Settings/49/SettingValue \n"
              "u Settings/50/SettingId 84\nu Settings/50/LargeValue 0\nu Settings/50/ReadOnly 0\n"
              "u Settings/50/SettingLen 1\nx Settings/50/SettingValue 00\nu Settings/51/SettingId 49\n"
              "u Settings/51/LargeValue 0\nu Settings/51/ReadOnly 0\nu Settings/51/SettingLen 2\n"
              "x Settings/51/SettingValue 03E8\nu Settings/52/SettingId 61\nu Settings/52/LargeValue 0\n"
              "u Settings/52/ReadOnly 0\nu Settings/52/SettingLen 5\nx Settings/52/SettingValue 0000000000\n"
              "u Settings/53/SettingId 51\nu Settings/53/LargeValue 0\nu Settings/53/ReadOnly 0\n"
              "u Settings/53/SettingLen 8\nx Settings/53/SettingValue 302E302E302E3000\n"
              "u Settings/54/SettingId 53\nu Settings/54/LargeValue 0\nu Settings/54/ReadOnly 0\n"
              "u Settings/54/SettingLen 14\nx Settings/54/SettingValue 3235352E3235352E3235352E3000\n"
              "u Settings/55/SettingId 52\nu Settings/55/LargeValue 0\nu Settings/55/ReadOnly 0\n"
              "u Settings/55/SettingLen 8\nx Settings/55/SettingValue 302E302E302E3000\n"
              "u Settings/56/SettingId 89\nu Settings/56/LargeValue 0\nu Settings/56/ReadOnly 0\n"
              "u Settings/56/SettingLen 8\nx Settings/56/SettingValue 302E302E302E3000\n"
              "u Settings/57/SettingId 91\nu Settings/57/LargeValue 0\nu Settings/57/ReadOnly 0\n"
              "u Settings/57/SettingLen 14\nx Settings/57/SettingValue 3235352E3235352E3235352E3000\n"
              "u Settings/58/SettingId 90\nu Settings/58/LargeValue 0\nu Settings/58/ReadOnly 0\n"
              "u Settings/58/SettingLen 8\nx Settings/58/SettingValue 302E302E302E3000\n"
              "u Settings/59/SettingId 66\nu Settings/59/LargeValue 0\nu Settings/59/ReadOnly 0\n"
              "u Settings/59/SettingLen 8\nx Settings/59/SettingValue 0000000000000000\n"
              "u Settings/60/SettingId 56\nu Settings/60/LargeValue 0\nu Settings/60/ReadOnly 0\n"
              "u Settings/60/SettingLen 21\n"
              "x Settings/60/SettingValue 00302E302E302E300000000000434F4E4E45435400\n"
              "u Settings/61/SettingId 54\nu Settings/61/LargeValue 0\nu Settings/61/ReadOnly 0\n"
              "u Settings/61/SettingLen 2\nx Settings/61/SettingValue 1A81\nu Settings/62/SettingId 65\n"
              "u Settings/62/LargeValue 0\nu Settings/62/ReadOnly 0\nu Settings/62/SettingLen 0\n"
              "x Settings/62/SettingValue \nu Settings/63/SettingId 85\nu Settings/63/LargeValue 0\n"
              "u Settings/63/ReadOnly 0\nu Settings/63/SettingLen 1\nx Settings/63/SettingValue 00\n"
              "u Settings/64/SettingId 63\nu Settings/64/LargeValue 0\nu Settings/64/ReadOnly 0\n"
              "u Settings/64/SettingLen 2\nx Settings/64/SettingValue 0050\nu Settings/65/SettingId 64\n"
              "u Settings/65/LargeValue 0\nu Settings/65/ReadOnly 0\nu Settings/65/SettingLen 2\n"
              "x Settings/65/SettingValue 0015\nu Settings/66/SettingId 58\nu Settings/66/LargeValue 0\n"
              "u Settings/66/ReadOnly 0\nu Settings/66/SettingLen 12\n"
              "x Settings/66/SettingValue 616E6F6E796D6F7573002A00\nu Settings/67/SettingId 60\n"
              "u Settings/67/LargeValue 0\nu Settings/67/ReadOnly 0\nu Settings/67/SettingLen 1\n"
              "x Settings/67/SettingValue FF\nu Settings/68/SettingId 87\nu Settings/68/LargeValue 0\n"
              "u Settings/68/ReadOnly 0\nu Settings/68/SettingLen 2\nx Settings/68/SettingValue 0000\n"
              "u Settings/69/SettingId 88\nu Settings/69/LargeValue 0\nu Settings/69/ReadOnly 0\n"
              "u Settings/69/SettingLen 3\nx Settings/69/SettingValue 000000\nu Settings/70/SettingId 57\n"
              "u Settings/70/LargeValue 0\nu Settings/70/ReadOnly 0\nu Settings/70/SettingLen 3\n"
              "x Settings/70/SettingValue 000000\nu Settings/71/SettingId 59\nu Settings/71/LargeValue 0\n"
              "u Settings/71/ReadOnly 1\nu Settings/71/SettingLen 1\nx Settings/71/SettingValue 00\n",
  },
  {
    .name = "issue1_hello_request_on_connect",
    .source = "LionelDarras/PyCampbellCR1000 issue #1",
    .hex = "BDEFFF10010FFF00010E00DDF0BD",
    .has_nullifier = TRUE,
    .nullifier = 0xDDF0,
    .packet = { .link_state = 0xE, .dst_phy = 4095, .expect_more = 0, .priority = 1, .src_phy = 1, .capabilities = 1,
                .has_header = TRUE, .protocol = 0, .dst_node = 4095, .hop_count = 0, .src_node = 1,
                .type = 0x0e, .transaction = 0, .length = 2 },
    .fields = "",
  },
  {
    .name = "issue1_hello_cmd_tx",
    .source = "LionelDarras/PyCampbellCR1000 issue #1",
    .hex = "BD9001580200010802090100020708F686BD",
    .has_nullifier = TRUE,
    .nullifier = 0xF686,
    .packet = { .link_state = 0x9, .dst_phy = 1, .expect_more = 1, .priority = 1, .src_phy = 2050, .capabilities = 5,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 2050,
                .type = 0x09, .transaction = 1, .length = 6 },
    .fields = "u IsRouter 0\nu HopMetric 2\nu VerifyIntv 1800\n",
  },
  {
    .name = "issue1_hello_cmd_from_router",
    .source = "LionelDarras/PyCampbellCR1000 issue #1",
    .hex = "A80270010802000109DC010207087BFC",
    .has_nullifier = TRUE,
    .nullifier = 0x7BFC,
    .packet = { .link_state = 0xA, .dst_phy = 2050, .expect_more = 1, .priority = 3, .src_phy = 1, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 2050, .hop_count = 0, .src_node = 1,
                .type = 0x09, .transaction = 220, .length = 6 },
    .fields = "u IsRouter 1\nu HopMetric 2\nu VerifyIntv 1800\n",
  },
  {
    .name = "issue18_beacon_8_bytes",
    .source = "LionelDarras/PyCampbellCR1000 issue #18",
    .hex = "8FFF8FE90FFF0FE9CFD6",
    .has_nullifier = TRUE,
    .nullifier = 0xCFD6,
    .packet = { .link_state = 0x8, .dst_phy = 4095, .expect_more = 2, .priority = 0, .src_phy = 4073, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 4095, .hop_count = 0, .src_node = 4073 },
  },
  {
    .name = "weatherd_hello",
    .source = "YourGirlInSpace/weatherd weatherd.tests/datasources/Pakbus/Messages/PakCtrl/PakbusHelloMessageTests.cs",
    .hex = "BDA0016FFC00010FFC09D90102FFFFDE86BD",
    .has_nullifier = TRUE,
    .nullifier = 0xDE86,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 1, .priority = 2, .src_phy = 4092, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 4092,
                .type = 0x09, .transaction = 217, .length = 6 },
    .fields = "u IsRouter 1\nu HopMetric 2\nu VerifyIntv 65535\n",
  },
  {
    .name = "weatherd_hdr_normal",
    .source = "YourGirlInSpace/weatherd weatherd.tests/datasources/Pakbus/PakbusHeaderTests.cs",
    .hex = "A0645FFE10640FFE",
    .has_nullifier = FALSE,
    .nullifier = 0x0BFE,
    .packet = { .link_state = 0xA, .dst_phy = 100, .expect_more = 1, .priority = 1, .src_phy = 4094, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 100, .hop_count = 0, .src_node = 4094 },
  },
  {
    .name = "jpb_selftest",
    .source = "TheSEGAProject/CR1000_Source_Error src/com/campbellsci/pakbus/Utils.java main()",
    .hex = "A0025FF010020FF009E8FFFF060005F5C600006632000075600000",
    .has_nullifier = FALSE,
    .nullifier = 0x9D00,
    .packet = { .link_state = 0xA, .dst_phy = 2, .expect_more = 1, .priority = 1, .src_phy = 4080, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 2, .hop_count = 0, .src_node = 4080,
                .type = 0x09, .transaction = 232, .length = 19 },
    .fields = "u SecurityCode 65535\nu CollectMode 6\ng Tables 1\nu Tables/0/TableNbr 5\n"
              "u Tables/0/TableDefSig 62918\nu Tables/0/P1 26162\nu Tables/0/P2 30048\ng Tables/0/Fields 0\n",
  },
  {
    .name = "guide_hello_cmd_quoted_sig",
    .source = "PakBus Networking Guide 7.2.4 (campbell.manymanuals.es RF410 page 56)",
    .hex = "BDA0017FFE00010FFE092D0102003C19BCDDBD",
    .has_nullifier = TRUE,
    .nullifier = 0x19BD,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 1, .priority = 3, .src_phy = 4094, .capabilities = 0,
                .has_header = TRUE, .protocol = 0, .dst_node = 1, .hop_count = 0, .src_node = 4094,
                .type = 0x09, .transaction = 45, .length = 6 },
    .fields = "u IsRouter 1\nu HopMetric 2\nu VerifyIntv 60\n",
  },
  {
    .name = "guide_xtd_clock_cmd",
    .source = "PakBus Networking Guide 7.2.4 (campbell.manymanuals.es RF410 page 56)",
    .hex = "BDA0016FFE10010FFE032E00000000D25EBD",
    .has_nullifier = TRUE,
    .nullifier = 0xD25E,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 1, .priority = 2, .src_phy = 4094, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 4094,
                .type = 0x03, .transaction = 46, .length = 6 },
  },
  {
    .name = "axisloger_getvalues",
    .source = "AxisLogerUtil.c (CHE SAIH), comment with a captured request",
    .hex = "BDA0014FFE10010FFE1A1A00005461626C6531000941697254435F41766700000164FEBD",
    .has_nullifier = TRUE,
    .nullifier = 0x64FE,
    .packet = { .link_state = 0xA, .dst_phy = 1, .expect_more = 1, .priority = 0, .src_phy = 4094, .capabilities = 0,
                .has_header = TRUE, .protocol = 1, .dst_node = 1, .hop_count = 0, .src_node = 4094,
                .type = 0x1a, .transaction = 26, .length = 24 },
    .fields = "u SecurityCode 0\ns TableName Table1\nu TypeCode 9\ns FieldName AirTC_Avg\nu Swath 1\n",
  },
  {
    .name = "manual_ready",
    .source = "BMP5 Transparent Commands Manual Rev 9/08, 3.2",
    .hex = "BDAFFE00015A89BD",
    .has_nullifier = TRUE,
    .nullifier = 0x5A89,
    .packet = { .link_state = 0xA, .dst_phy = 4094, .expect_more = 0, .priority = 0, .src_phy = 1, .capabilities = 0 },
  },
};

const guint pak_n_vectors = G_N_ELEMENTS (pak_vectors);

/* PyCampbellCR1000, tests/test_1_pakbus.py test_parse_collectdata: six records of Table1, behind the RespCode. */
const char pak_collect_body_hex[] =
  "000200015BDC00062A72AB30000000004551139009CA09B109CB09DEA7E0BEAC477424BD4551139009CA09B109CB09DEA7DBBEA44750"
  "24C74551139009CA09B109CB09DEA7D5BEB0476F24BF4551139009CB09B109CB09DEA7B0BEB6474A24C24551139009CA09B109CB09DE"
  "A7D0BEAD47CB24BD4551139009CA09B109CB09DEA7C8BED4476424B300";

/* YourGirlInSpace/weatherd, CR10XSimulator.cs: a real CR10X-PB's answer from its RespCode on, quoted pairs left in. */
const char pak_cr10x_collect_body_hex[] =
  "000004000006E400015DDD7A7D7D40000044DC4C4C0000000048C14EEFBCDD90C80049ED800045BB374B46EEB22D0000000000000000"
  "0000000045BCDC252C00";

/* PyCampbellCR1000, tests/test_1_pakbus.py test_parse_filedir: a CR1000's .DIR. */
const char pak_directory_hex[] =
  "014350553A0000076E0000004350553A74656D706C6174656578616D706C652E63723100000002CB323031322D30332D31362031333A"
  "32323A343200004350553A4352313030305F4C41424F2E4352310000000C5E323031322D30352D32332031313A32353A333800010200";

/* PyCampbellCR1000, tests/ressources/__init__.py TABLEDEF, bytes 3919 to 4413: Table1 of a CR1000 with OS 24. */
const char pak_table1_definition_hex[] =
  "5461626C6531000002EDF30E00000000000000000000003C0000000087426174745F566F6C745F417667000041766700566F6C747300"
  "417667000000000100000001000000008752656635565F6D566F6C745F417667000041766700566F6C74730041766700000000010000"
  "0001000000008743757253656E736F72315F6D566F6C745F4176670000417667006D566F6C7473004176670000000001000000010000"
  "00008743757253656E736F72325F6D566F6C745F4176670000417667006D566F6C747300417667000000000100000001000000008743"
  "757253656E736F72335F6D566F6C745F4176670000417667006D566F6C74730041766700000000010000000100000000874375725365"
  "6E736F72345F6D566F6C745F4176670000417667006D566F6C747300417667000000000100000001000000008743757253656E736F72"
  "315F6D416D705F4176670000417667006D4100417667000000000100000001000000008743757253656E736F72325F6D416D705F4176"
  "670000417667006D4100417667000000000100000001000000008743757253656E736F72335F6D416D705F4176670000417667006D41"
  "00417667000000000100000001000000008743757253656E736F72345F6D416D705F4176670000417667006D41004176670000000001"
  "000000010000000000";

GByteArray *
pak_vector_bytes (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex++)
    {
      guint8 byte;

      if (*hex == ' ')
        continue;
      g_assert_true (g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]));
      byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
      g_byte_array_append (bytes, &byte, 1);
      hex++;
    }
  return bytes;
}

GByteArray *
pak_vector_inside (const PakVector *vector)
{
  GByteArray *bytes = pak_vector_bytes (vector->hex);

  if (bytes->data[0] == 0xBD)
    {
      g_byte_array_remove_index (bytes, 0);
      g_byte_array_set_size (bytes, bytes->len - 1);
    }
  return bytes;
}

GByteArray *
pak_vector_body (const PakVector *vector)
{
  GByteArray *bytes = pak_vector_inside (vector);

  for (guint i = 0; i < bytes->len; i++)
    if (bytes->data[i] == 0xBC)
      {
        g_byte_array_remove_index (bytes, i);
        bytes->data[i] -= 0x20;
      }
  g_byte_array_set_size (bytes, bytes->len - (vector->has_nullifier ? 2 : 0));
  return bytes;
}
