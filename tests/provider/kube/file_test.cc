#include "kube/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "support/temporary_directory.h"

namespace k8soidc::kube {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  return text.ok() ? "no error" : std::string(text.status().message());
}

TEST(FileTest, ReadsARegularFileWhole) {
  const TemporaryDirectory dir;
  const std::string text(100'000, 'x');
  EXPECT_EQ(*ReadFile(dir.Write("file", text)), text);
  EXPECT_EQ(*ReadFile(dir.Write("empty", "")), "");
}

TEST(FileTest, NamesTheFileThatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(ReadFile("/nonexistent/file").status()));
  EXPECT_THAT(ErrorOf("/nonexistent/file"), HasSubstr("there is no file \"/nonexistent/file\""));
}

TEST(FileTest, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const TemporaryDirectory dir;
  const std::string fifo = dir.path() + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(ErrorOf(fifo), HasSubstr("is not a regular file"));
  EXPECT_THAT(ErrorOf("/dev/zero"), HasSubstr("is not a regular file"));
  EXPECT_THAT(ErrorOf(dir.path()), HasSubstr("is a directory"));
}

TEST(FileTest, RefusesMoreThanFourMebibytes) {
  const TemporaryDirectory dir;
  EXPECT_EQ(ErrorOf(dir.Write("most", std::string(kMaxFileBytes, 'x'))), "no error");
  EXPECT_THAT(ErrorOf(dir.Write("more", std::string(kMaxFileBytes + 1, 'x'))),
              HasSubstr("larger than 4 MiB"));
}

TEST(FileTest, RefusesNamesWithNul) {
  EXPECT_THAT(ErrorOf(std::string("/etc/passwd\0x", 13)), HasSubstr("NUL"));
}

TEST(FileTest, ResolvesPathsFromADirectory) {
  EXPECT_EQ(ResolvePath("a/b", "/dir"), "/dir/a/b");
  EXPECT_EQ(ResolvePath("a", "/"), "/a");
  EXPECT_EQ(ResolvePath("/a", "/dir"), "/a");
  EXPECT_EQ(ResolvePath("", "/dir"), "");
  EXPECT_EQ(DirectoryOf("/a/b"), "/a");
  EXPECT_EQ(DirectoryOf("/a"), "/");
  EXPECT_EQ(DirectoryOf("a"), ".");
}

}  // namespace
}  // namespace k8soidc::kube
