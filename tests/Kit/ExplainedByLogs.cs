using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Vigil.Kit;

/// <summary>A test that fails shows the last words of every process that runs.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ExplainedByLogsAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed) TestContext.Current.TestOutputHelper?.WriteLine(Log.Tails());
    }
}
